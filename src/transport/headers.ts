import { ConfigError } from '../errors'

export type Headers = Record<string, string>
export type HeaderInit = Readonly<Record<string, string | number | boolean | null | undefined>>

/** Sets a header whatever the case of one that is already there: two that differ in case would both be sent. */
export function setHeader(headers: Headers, name: string, value: string): void {
  if (!(name in headers)) {
    const same = nameOf(headers, name)
    if (same !== undefined) delete headers[same]
  }
  headers[name] = value
}

export function addHeaders(headers: Headers, more: HeaderInit): void {
  for (const name of Object.keys(more)) {
    const value = more[name]
    if (value === undefined || value === null) continue
    const text = String(value)
    if (/[\r\n\0]/.test(text)) {
      throw new ConfigError(`has a line break in its header ${name}: it would inject another header.`)
    }
    setHeader(headers, name, text)
  }
}

/** Response headers arrive in any case: lower on HTTP/2, as sent on HTTP/1 (wx network tuning guide). */
export function headerOf(
  headers: Readonly<Record<string, unknown>> | undefined,
  name: string,
): string | undefined {
  const found = headers && nameOf(headers, name)
  if (found === undefined) return undefined
  const value = headers?.[found]
  return Array.isArray(value) ? value.join(',') : String(value)
}

function nameOf(headers: object, name: string): string | undefined {
  const wanted = name.toLowerCase()
  return Object.keys(headers).find((other) => other.length === name.length && other.toLowerCase() === wanted)
}
