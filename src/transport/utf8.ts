/** How many characters are made at a time: a call for each costs as much as all the rest. */
const BLOCK = 16

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
    const view = new DataView(bytes.buffer, bytes.byteOffset, length)
    // No byte makes more than one, but for what is left of the piece before, and at the end.
    if (units.length < length + 2) this.units = units = new Uint16Array(2 * length + 2)
    let text = ''
    let count = 0
    let at = 0
    // One loop, on what is at hand: a call for each byte costs iPhones, which do not compile it, four times as much.
    while (at < length) {
      const byte = bytes[at] as number
      if (needed > 0) {
        if (byte < lower || byte > upper) {
          // It may begin a character of its own.
          needed = 0
          units[count++] = 0xfffd
          continue
        }
        at++
        lower = 0x80
        upper = 0xbf
        point = (point << 6) | (byte & 0x3f)
        if (--needed > 0) continue
        if (point > 0xffff) {
          units[count++] = 0xd7c0 + (point >> 10)
          point = 0xdc00 | (point & 0x3ff)
        }
        units[count++] = point
      } else if (byte < 0x80) {
        for (; at + BLOCK <= length && isAscii(view, at); at += BLOCK) {
          text += textOf(units, count) + blockOf(bytes, at)
          count = 0
        }
        while (at < length && (bytes[at] as number) < 0x80) units[count++] = bytes[at++] as number
      } else {
        const from = at
        // Nearly all of Chinese: whole characters of three bytes, but for those whose second byte has limits of its own.
        for (; at + 2 < length; at += 3) {
          const first = (bytes[at] as number) ^ 0xe0
          const second = (bytes[at + 1] as number) ^ 0x80
          const third = (bytes[at + 2] as number) ^ 0x80
          if (first === 0 || first === 0x0d || first > 0x0f || (second | third) > 0x3f) break
          units[count++] = (first << 12) | (second << 6) | third
        }
        if (at > from) continue
        at++
        if (byte < 0xc2 || byte > 0xf4) units[count++] = 0xfffd
        else {
          needed = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3
          point = byte & (0x3f >> needed)
          // Overlong forms, surrogates, and what lies beyond U+10FFFF.
          lower = byte === 0xe0 ? 0xa0 : byte === 0xf0 ? 0x90 : 0x80
          upper = byte === 0xed ? 0x9f : byte === 0xf4 ? 0x8f : 0xbf
        }
      }
    }
    if (isLast && needed > 0) {
      needed = 0
      units[count++] = 0xfffd
    }
    this.needed = needed
    this.point = point
    this.lower = lower
    this.upper = upper
    return this.unmarked(text + textOf(units, count))
  }

  /** The same of a piece that is text already: some platforms hand out strings (reported). */
  unmarked(text: string): string {
    const isMarked = this.isAtStart && text[0] === '\uFEFF'
    if (text) this.isAtStart = false
    return isMarked ? text.slice(1) : text
  }
}

/** Whether a block of bytes is, four at a time. */
function isAscii(view: DataView, at: number): boolean {
  return (
    ((view.getUint32(at) | view.getUint32(at + 4) | view.getUint32(at + 8) | view.getUint32(at + 12)) &
      0x80808080) ===
    0
  )
}

const make = String.fromCharCode as (...units: (number | undefined)[]) => string

function textOf(units: Uint16Array, count: number): string {
  let text = ''
  let at = 0
  for (; at + BLOCK <= count; at += BLOCK) text += blockOf(units, at)
  while (at < count) text += make(units[at++])
  return text
}

/** Said one by one: `apply()` has to copy them first. */
// prettier-ignore
function blockOf(units: Uint8Array | Uint16Array, at: number): string {
  return make(
    units[at], units[at + 1], units[at + 2], units[at + 3], units[at + 4], units[at + 5], units[at + 6], units[at + 7],
    units[at + 8], units[at + 9], units[at + 10], units[at + 11], units[at + 12], units[at + 13], units[at + 14], units[at + 15],
  )
}
