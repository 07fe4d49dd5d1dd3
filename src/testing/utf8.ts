/** UTF-8 by hand: the phones have no TextEncoder, so neither has anything in src/. */

/** The bytes of `text`. Halves of surrogate pairs become U+FFFD. */
export function encodeUtf8(text: string): ArrayBuffer {
  const bytes: number[] = []
  for (const character of text) {
    const point = wellFormed(character.codePointAt(0) ?? 0)
    if (point < 0x80) bytes.push(point)
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), tail(point))
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), tail(point >> 6), tail(point))
    else bytes.push(0xf0 | (point >> 18), tail(point >> 12), tail(point >> 6), tail(point))
  }
  return Uint8Array.from(bytes).buffer
}

/** As many arguments as any engine lets a call have. */
const CHUNK = 8192

/** The text of `buffer`; bytes that are no UTF-8 are read as Latin-1. */
export function decodeUtf8(buffer: ArrayBuffer): string {
  const bytes = new Uint8Array(buffer)
  let latin = ''
  for (let start = 0; start < bytes.length; start += CHUNK) {
    latin += String.fromCharCode(...bytes.subarray(start, start + CHUNK))
  }
  // All but printable ASCII, and the sign that escapes.
  const escaped = latin.replace(/[^ -$&-~]/g, (character) => {
    const byte = character.charCodeAt(0)
    return (byte < 16 ? '%0' : '%') + byte.toString(16)
  })
  try {
    return decodeURIComponent(escaped)
  } catch {
    return latin
  }
}

/** How many bytes `text` takes in UTF-8. */
export function utf8Length(text: string): number {
  let length = 0
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0
    length += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
  }
  return length
}

function wellFormed(point: number): number {
  return point >= 0xd800 && point <= 0xdfff ? 0xfffd : point
}

function tail(bits: number): number {
  return 0x80 | (bits & 0x3f)
}
