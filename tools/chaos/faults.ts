import { createClient, type ClientOptions, type Platform } from '../../src'
import type { MakeClient } from './phone.ts'

/** An SDK with a fault, and what must be found; the first has none. */
export const FAULTS: readonly { name: string; make?: MakeClient; expected?: RegExp }[] = [
  { name: 'has no fault' },
  {
    name: 'sends orders again after failures',
    expected: /an order\) was (sent again|placed)/,
    make: (options) =>
      createClient({ ...options, retry: { limit: 20, delay: () => 100, methods: ['GET', 'PUT', 'POST'] } }),
  },
  {
    name: 'does not try again',
    expected: /\(page\) ended with/,
    make: (options) => createClient({ ...options, retry: false, use: [] }),
  },
  {
    name: 'logs in for each of its two halves',
    expected: /logins in flight at once/,
    make: (options) => {
      const one = createClient(options)
      const other = createClient({ ...options, storage: { key: 'other' } })
      return { ...one, get: other.get }
    },
  },
  {
    name: 'sends a code twice',
    expected: /codes were sent twice/,
    make: (options) => createClient(withSecondExchange(options)),
  },
]

type PlatformBody = Parameters<Platform['request']>[0]['data']

/** Each second exchange takes the code of the one before, as code does that keeps a code for its next try. */
function withSecondExchange(options: ClientOptions): ClientOptions {
  const platform = options.platform as Platform | undefined
  if (!platform) return options
  let last: PlatformBody
  const request: Platform['request'] = (given) => {
    if (!given.url.endsWith('/login')) return platform.request(given)
    const data = last ?? given.data
    last = last === undefined ? given.data : undefined
    return platform.request({ ...given, ...(data !== undefined && { data }) })
  }
  return { ...options, platform: { ...platform, request } }
}
