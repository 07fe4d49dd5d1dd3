import type { Timers } from '../timers'

/** More than servers take in one header; a longer "token" is most likely an error page. */
const LONGEST_TOKEN = 16_384

/** Why this cannot be a token, or `undefined` when it can. Never quotes it. */
export function tokenProblem(token: unknown): string | undefined {
  if (token === undefined || token === null) return 'it is missing'
  if (typeof token !== 'string') return `it is of type ${typeof token}, not a string`
  if (!token) return 'it is empty'
  if (token.length > LONGEST_TOKEN) return `it has ${token.length} characters`
  // Anything else could end the header, the cookie or the URL it rides in, and start another.
  return /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(token)
    ? undefined
    : 'it has characters that a header cannot carry'
}

export function hasExpired({ expiresAt }: { readonly expiresAt?: number }, timers: Timers): boolean {
  return expiresAt !== undefined && expiresAt <= timers.wallClock()
}

/** A server that hands its tokens out in a header may send the whole value that comes back in `Authorization`. */
export function withoutBearer(value: string | undefined): string | undefined {
  return value && /^bearer /i.test(value) ? value.slice('bearer '.length).trim() : value
}
