import type { ClientOptions } from '../../src'
import { cache, type CacheOptions, type CacheRecord } from '../../src/cache'
import type { phone } from '../phone'
import { knownPhone, result } from '../phone'

export const MINUTE = 60_000
/** Of a GET that says no more than its URL. */
export const keyOf = (url: string) => url

export function cached(
  options: Partial<CacheOptions> = {},
  client: Partial<ClientOptions> = {},
  make: typeof phone = knownPhone,
) {
  const kept = cache({ ttl: MINUTE, ...options })
  const made = make({ retry: 0, use: [kept], ...client })
  const { server } = made.fake
  let count = 0
  const answer = server.guard(() => ({ data: { count: ++count } }))
  server.on('/count', answer)
  server.on('POST /count', answer)
  server.on('/public', () => ({ data: { count: ++count } }))
  const get = (url = '/count', options = {}) =>
    result(made.fake, made.api.request<{ count: number }>({ url, ...options }))
  const count_ = async (url = '/count', options = {}) => (await get(url, options)).data.count
  return { ...made, kept, get, count: count_ }
}

/** A store that is told what to do. */
export function makeStore(record?: unknown, answer: (value: unknown) => unknown = (value) => value) {
  const calls: string[] = []
  const store = {
    record,
    calls,
    get: (): unknown => answer(store.record),
    set(next: CacheRecord) {
      calls.push('set')
      store.record = JSON.parse(JSON.stringify(next)) as unknown
      return answer(undefined)
    },
    remove() {
      calls.push('remove')
      store.record = undefined
      return answer(undefined)
    },
  }
  return store
}
