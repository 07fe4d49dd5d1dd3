/**
 * Reads UTF-8 that comes in pieces, cut anywhere: phones have no `TextDecoder`. What is malformed becomes U+FFFD, once for
 * each maximal part, as the Encoding Standard (UTF-8 decoder) has it; a byte order mark at the beginning is dropped.
 */
export class Utf8Reader {
  private needed = 0
  private point = 0
  /** What the next byte of a character may be. */
  private lower = 0
  private upper = 0
  private isAtStart = true
  private units = new Uint16Array(0)

  /** The characters that are whole so far. `isLast`: half of one that is left over becomes U+FFFD. */
  read(bytes: Uint8Array, isLast: boolean): string {
    let { needed, point, lower, upper, units } = this
    const { length } = bytes
    // No byte makes more than one, but for what is left of the piece before, and at the end.
    if (units.length < length + 2) this.units = units = new Uint16Array(2 * length + 2)
    let count = 0
    let at = 0
    // One loop, on what is at hand: a call for each byte costs iPhones, which do not compile it, four times as much.
    while (at < length) {
      const byte = bytes[at] as number
      if (needed === 0) {
        at++
        if (byte < 0x80) units[count++] = byte
        // Nearly all of Chinese, where it is whole.
        else if (
          byte > 0xe0 &&
          byte < 0xed &&
          at + 1 < length &&
          ((bytes[at] as number) ^ 0x80) < 64 &&
          ((bytes[at + 1] as number) ^ 0x80) < 64
        )
          units[count++] =
            ((byte & 0x0f) << 12) | (((bytes[at++] as number) & 0x3f) << 6) | ((bytes[at++] as number) & 0x3f)
        else if (byte < 0xc2 || byte > 0xf4) units[count++] = 0xfffd
        else {
          needed = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3
          point = byte & (0x3f >> needed)
          // Overlong forms, surrogates, and what lies beyond U+10FFFF.
          lower = byte === 0xe0 ? 0xa0 : byte === 0xf0 ? 0x90 : 0x80
          upper = byte === 0xed ? 0x9f : byte === 0xf4 ? 0x8f : 0xbf
        }
      } else if (byte < lower || byte > upper) {
        // It may begin a character of its own.
        needed = 0
        units[count++] = 0xfffd
      } else {
        at++
        lower = 0x80
        upper = 0xbf
        point = (point << 6) | (byte & 0x3f)
        if (--needed === 0) {
          if (point > 0xffff) {
            units[count++] = 0xd7c0 + (point >> 10)
            point = 0xdc00 | (point & 0x3ff)
          }
          units[count++] = point
        }
      }
    }
    if (isLast && needed > 0) {
      needed = 0
      units[count++] = 0xfffd
    }
    Object.assign(this, { needed, point, lower, upper })
    const isMarked = this.isAtStart && count > 0 && units[0] === 0xfeff
    if (count > 0) this.isAtStart = false
    return textOf(units, isMarked ? 1 : 0, count)
  }
}

/** Eight at a time: `apply()` has to copy them first. */
function textOf(units: Uint16Array, from: number, end: number): string {
  const make = String.fromCharCode as (...units: (number | undefined)[]) => string
  let text = ''
  let at = from
  for (; at + 7 < end; at += 8)
    // prettier-ignore
    text += make(
      units[at], units[at + 1], units[at + 2], units[at + 3], units[at + 4], units[at + 5], units[at + 6], units[at + 7],
    )
  while (at < end) text += make(units[at++])
  return text
}
