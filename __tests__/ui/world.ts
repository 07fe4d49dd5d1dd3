import { createClient, type Client, type ClientOptions } from '../../src'
import type { FakeReply, FakeWeChat } from '../../src/testing'
import { failures, loading, type FailuresOptions, type LoadingOptions } from '../../src/ui'
import { KEY } from '../laws/world'
import { knownPhone, usual } from '../phone'

/** A phone with a server that takes as long as the path says: `/slow/400`. */
export function showing(options: LoadingOptions = {}, client: Partial<ClientOptions> = {}, latency = 0) {
  const made = knownPhone({ retry: 0, use: [loading(options)], ...client }, { latency })
  for (const ms of [100, 250, 400, 1000, 3000]) made.fake.server.on(`/slow/${ms}`, () => ({ delay: ms }))
  return made
}

export function failing(options: FailuresOptions = {}, client: Partial<ClientOptions> = {}) {
  const made = showing({}, client)
  const api = failures(made.api, options)
  return {
    ...made,
    plain: made.api,
    api,
    toasts: () => toastsOf(made.fake),
    modals: () => made.fake.ui.modals,
  }
}

export const toastsOf = ({ ui }: FakeWeChat): string[] =>
  ui.log.filter(({ kind }) => kind === 'toast').map(({ title }) => title)

/** When loading was there, from and until. */
export const loadsOf = ({ ui, clock }: FakeWeChat, since: number): (readonly [number, number])[] =>
  ui.log
    .filter(({ kind }) => kind === 'loading')
    .map(({ from, until }) => [from - since, (until ?? clock.now()) - since] as const)

/** A server that fails so many times before it answers. */
export function failFirst(
  fake: FakeWeChat,
  path: string,
  times: number,
  reply: FakeReply = { statusCode: 500 },
): void {
  let left = times
  fake.server.on(path, () => (left-- > 0 ? reply : { data: 'ok' }))
}

/** A client on a platform that differs from the fake. */
export function clientWith(fake: FakeWeChat, changes: object, options: Partial<ClientOptions> = {}): Client {
  fake.storage.set(KEY, { token: fake.server.issue() })
  return createClient({ ...usual(fake), retry: 0, platform: Object.assign({}, fake.wx, changes), ...options })
}

/** What a function of `wx` may be on some phone (P8). */
export const BROKEN = {
  'that is missing': undefined,
  'that throws': () => {
    throw new Error('broken')
  },
  'that rejects': () => Promise.reject(new Error('broken')),
  'that fails': ({ fail }: { fail: (error: object) => void }) => fail({ errMsg: 'broken' }),
}
