/** ASN.1's distinguished encoding, as much of it as two certificates need (X.690). */

export function der(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  if (body.length < 128) return Buffer.concat([Buffer.of(tag, body.length), body])
  // In as few bytes as it takes: Go believes nothing else.
  const length = Buffer.from(body.length.toString(16).padStart(body.length < 256 ? 2 : 4, '0'), 'hex')
  return Buffer.concat([Buffer.of(tag, 0x80 + length.length), length, body])
}

export const sequence = (...parts: Buffer[]): Buffer => der(0x30, ...parts)
export const setOf = (...parts: Buffer[]): Buffer => der(0x31, ...parts)
export const text = (value: string): Buffer => der(0x0c, Buffer.from(value))
export const octets = (value: Buffer): Buffer => der(0x04, value)
export const yes = der(0x01, Buffer.of(0xff))
/** `[n]`, constructed */
export const tagged = (n: number, ...parts: Buffer[]): Buffer => der(0xa0 + n, ...parts)
/** `[n]` in place of a text's own tag */
export const named = (n: number, value: Buffer): Buffer => der(0x80 + n, value)
export const bits = (value: Buffer, unused = 0): Buffer => der(0x03, Buffer.of(unused), value)

/** Positive: a first bit that is set would make it negative. */
export const integer = (value: Buffer): Buffer =>
  der(0x02, (value[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), value]) : value)

/** Up to 2049. */
export const time = (at: number): Buffer =>
  der(0x17, Buffer.from(`${new Date(at).toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`))

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second]
  for (const part of rest) {
    const groups = [part & 0x7f]
    for (let left = part >>> 7; left > 0; left >>>= 7) groups.unshift(0x80 | (left & 0x7f))
    bytes.push(...groups)
  }
  return der(0x06, Buffer.from(bytes))
}
