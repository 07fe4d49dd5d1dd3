/**
 * Reads UTF-8 that comes in pieces, cut anywhere: phones have no `TextDecoder`. What is malformed becomes U+FFFD, once for
 * each maximal part, as the Encoding Standard (UTF-8 decoder) has it; a byte order mark at the beginning is dropped.
 */
export class Utf8Reader {
  private needed = 0
  private point = 0
  /** What the next byte of a character may be. */
  private lower = 0x80
  private upper = 0xbf
  private isAtStart = true

  /** The characters that are whole so far. `isLast`: half of one that is left over becomes U+FFFD. */
  read(bytes: Uint8Array, isLast: boolean): string {
    let text = ''
    let units: number[] = []
    const put = (unit: number): void => {
      if (this.isAtStart) {
        this.isAtStart = false
        if (unit === 0xfeff) return
      }
      units.push(unit)
      // Arguments of one call: engines have a limit.
      if (units.length > 2000) flush()
    }
    const flush = (): void => {
      text += String.fromCharCode.apply(null, units)
      units = []
    }
    for (let index = 0; index < bytes.length; index++) {
      const byte = bytes[index] as number
      if (this.needed > 0) {
        if (byte < this.lower || byte > this.upper) {
          this.needed = 0
          put(0xfffd)
          // It may begin a character of its own.
          this.begin(byte, put)
          continue
        }
        this.allow(0x80, 0xbf)
        this.point = (this.point << 6) | (byte & 0x3f)
        if (--this.needed === 0) putPoint(this.point, put)
      } else this.begin(byte, put)
    }
    if (isLast && this.needed > 0) {
      this.needed = 0
      put(0xfffd)
    }
    flush()
    return text
  }

  private begin(byte: number, put: (unit: number) => void): void {
    this.allow(0x80, 0xbf)
    if (byte < 0x80) return put(byte)
    if (byte < 0xc2 || byte > 0xf4) return put(0xfffd)
    this.needed = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3
    this.point = byte & (0x3f >> this.needed)
    // Overlong forms, surrogates, and what lies beyond U+10FFFF.
    if (byte === 0xe0) this.lower = 0xa0
    if (byte === 0xed) this.upper = 0x9f
    if (byte === 0xf0) this.lower = 0x90
    if (byte === 0xf4) this.upper = 0x8f
  }

  private allow(lower: number, upper: number): void {
    this.lower = lower
    this.upper = upper
  }
}

function putPoint(point: number, put: (unit: number) => void): void {
  if (point < 0x10000) return put(point)
  put(0xd800 + ((point - 0x10000) >> 10))
  put(0xdc00 + ((point - 0x10000) & 0x3ff))
}
