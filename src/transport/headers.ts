import { ConfigError } from '../errors'

export type Headers = Record<string, string>
/** Header fields as they may be given: `undefined` and `null` are left out, the rest becomes text. */
export type HeaderInit = Readonly<Record<string, string | number | boolean | null | undefined>>

/** A token of RFC 9110, as the names of cookies are too. */
export function isHeaderName(name: unknown): boolean {
  return typeof name === 'string' && /^[!#$%&'*+\-.^_`|~\w]+$/.test(name)
}

/** Sets a header, or takes it away, whatever the case of one that is there: two that differ in case would both be sent. */
export function setHeader(headers: Headers, name: string, value?: string): void {
  for (const other in headers)
    if ((other !== name || value === undefined) && isSame(other, name)) delete headers[other]
  if (value !== undefined) headers[name] = value
}

/** Adds headers, which win over those that are there, whatever their case. */
export function addHeaders(headers: Headers, more: HeaderInit | undefined): void {
  for (const name in more) {
    const value = more[name]
    if (value === undefined || value === null) continue
    const text = String(value)
    if (!isHeaderName(name))
      throw new ConfigError(`has a header with an impossible name: ${JSON.stringify(name)}.`)
    if (/[\r\n\0]/.test(text))
      throw new ConfigError(`has a line break in its header ${name}: it would inject another header.`)
    setHeader(headers, name, text)
  }
}

/** Response headers arrive in any case: lower on HTTP/2, as sent on HTTP/1 (wx network tuning guide). */
export function headerOf(
  headers: Readonly<Record<string, unknown>> | undefined,
  name: string,
): string | undefined {
  const found = headers && nameOf(headers, name)
  const value = found && (headers[found] as string | string[] | null | undefined)
  return value === undefined || value === null ? undefined : String(value)
}

function isSame(one: string, other: string): boolean {
  return one.length === other.length && one.toLowerCase() === other.toLowerCase()
}

function nameOf(headers: object, name: string): string | undefined {
  for (const other in headers) {
    if (other === name || isSame(other, name)) return other
  }
  return undefined
}
