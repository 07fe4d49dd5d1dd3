import type { Config } from '../call/config'
import { ConfigError } from '../errors'
import { isAbsolute, join, originOf, withoutFragment, withoutQuery } from '../transport/urls'

/** Where a socket leads, whole. A token may go where the client's may, over `wss:` as over `https:`. */
export function addressOf(url: unknown, { bases, isHome }: Config, auth: boolean): string {
  const given = typeof url === 'string' ? withoutFragment(url) : ''
  const address = isAbsolute(given) ? given : join(bases.current(), given).replace(/^http/i, 'ws')
  const asHttp = address.replace(/^ws/i, 'http')
  const origin = originOf(asHttp)
  if (!given || asHttp === address || !origin)
    throw new ConfigError(`url: ${withoutQuery(given || url)} is no wss URL, and no path behind the baseURL.`)
  if (auth && !isHome(`${origin}/`))
    throw new ConfigError(
      `url: no token may go to ${origin}. Add it to authOrigins (as https), or connect with auth: false.`,
    )
  return address
}
