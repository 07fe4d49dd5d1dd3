import { ConfigError } from '../errors'

const SCHEME = /^[a-z][a-z\d+.-]*:/i
export const HTTP_URL = /^(https?):\/\/([^/?#\\]*)/i
/** localhost and the private ranges, where development servers live. */
const PRIVATE_HOST =
  /^(localhost|127(\.\d+){3}|10(\.\d+){3}|192\.168(\.\d+){2}|172\.(1[6-9]|2\d|3[01])(\.\d+){2}|\[::1\])(:\d+)?$/

/**
 * `https://host:port` of an absolute URL, lower-cased and without a default port; `undefined` for anything
 * that is not plainly an http(s) URL. The phones' JavaScript has no `URL`. What different parsers read
 * differently (a user name, a backslash, white space) gets no origin, hence no token.
 */
export function originOf(url: string): string | undefined {
  if (typeof url !== 'string') return undefined
  const match = HTTP_URL.exec(url)
  if (!match) return undefined
  const scheme = (match[1] as string).toLowerCase()
  const host = (match[2] as string).toLowerCase().replace(scheme === 'https' ? /:443$/ : /:80$/, '')
  if (!host || /[@\s%]/.test(host) || url.charAt(match[0].length) === '\\') return undefined
  return `${scheme}://${host}`
}

/** A token may travel over https, and over http only to machines of one's own. */
export function isSafeOrigin(origin: string): boolean {
  return origin.startsWith('https:') || PRIVATE_HOST.test(origin.slice('http://'.length))
}

/** The origin of something that tokens are sent to, or an error that names the option. */
export function safeOrigin(url: string, option: string): string {
  const origin = originOf(url)
  if (!origin) throw new ConfigError(`${option}: "${withoutQuery(url)}" is not an http(s) URL.`)
  if (isSafeOrigin(origin)) return origin
  throw new ConfigError(
    `${option}: ${origin} would carry the token in the clear. Use https (http is for localhost and private addresses).`,
  )
}

export function isAbsolute(url: string): boolean {
  return url[0] !== '/' && SCHEME.test(url)
}

/** Always exactly one slash between the two: `https://a.example` + `.evil.example` must not become one host. */
export function join(base: string, url: string): string {
  if (!url) return base
  const start = url[0] === '/' && url[1] !== '/' ? url : `/${url.replace(/^\/+/, '')}`
  return (base[base.length - 1] === '/' ? base.replace(/\/+$/, '') : base) + start
}

/** What is sent of a URL: its fragment stays on the phone. */
export function withoutFragment(url: string): string {
  const end = url.indexOf('#')
  return end < 0 ? url : url.slice(0, end)
}

export function withoutQuery(url: unknown): string {
  if (typeof url !== 'string') return typeof url
  const end = url.search(/[?#]/)
  return end < 0 ? url : url.slice(0, end)
}
