import type { ClientOptions } from '../../src'
import { clientOn, codesOf, deferred, makeWorld, watch, type Deferred, type Watched } from '../laws/world'
import { withRefresh } from './session-helpers'

const SAID_NO = new Error('said no')

/** A client whose first exchange is answered by the test, and the others at once. */
function exchanging(answer: () => string, client: Partial<ClientOptions> = {}) {
  const first: Deferred<string> = deferred()
  const { fake } = makeWorld()
  let count = 0
  // Typed as a promise, and in plain JavaScript whatever it is.
  const exchange = () => (count++ === 0 ? first.promise : (answer() as unknown as Promise<string>))
  return { fake, first, ...clientOn(fake, { login: { code: false, exchange }, ...client }) }
}

describe('a login whose exchange answers within the call', () => {
  test.each([
    ['with a token', () => 'token', 'ok'],
    [
      'by throwing',
      () => {
        throw SAID_NO
      },
      'LOGIN_FAILED',
    ],
  ])('%s: whoever forced the one before it has the same end', async (_how, answer, code) => {
    const { fake, api } = exchanging(answer)
    const forced = watch(api.ensureLogin({ force: true }), fake)
    await fake.clock.advance(10)
    const brought = watch(api.ensureLogin({ data: { invitation: 'of-a-friend' } }), fake)
    await fake.clock.runAll()
    expect(codesOf([forced, brought])).toEqual([code, code])
  })

  test.each([
    ['with a token', () => 'token', 'ok'],
    [
      'by throwing',
      () => {
        throw SAID_NO
      },
      'LOGIN_FAILED',
    ],
  ])('%s: whoever forced it during a refresh that fails is told', async (_how, answer, code) => {
    const refreshed: Deferred<string> = deferred()
    const { fake } = makeWorld({ stored: 'dead', isLive: false })
    const exchange = () => answer() as unknown as Promise<string>
    const { api } = clientOn(fake, { login: { code: false, exchange, refresh: () => refreshed.promise } })
    const request = watch(api.get('/orders'), fake)
    await fake.clock.advance(100)
    const forced = watch(api.ensureLogin({ force: true }), fake)
    refreshed.reject({ errMsg: 'request:fail timeout', errno: 5 })
    await fake.clock.runAll()
    expect(codesOf([request, forced])).toEqual(['LOGIN_TIMEOUT', code])
  })
})

describe('a listener that hears how a refresh ended while a forced login is to follow', () => {
  /** A refresh at work, and somebody who has forced a login meanwhile. */
  async function refreshing() {
    const world = withRefresh()
    const { fake, api } = world
    const request = watch(api.get('/orders'), fake)
    while (world.refreshes() === 0) await fake.clock.advance(1)
    return { fake, api, request, forced: watch(api.ensureLogin({ force: true }), fake) }
  }

  test.each([
    ['forces one as well', { force: true }],
    ['brings data', { data: { invitation: 'of-a-friend' } }],
  ])('and %s: one code, and both have its session', async (_what, options) => {
    const { fake, api, request, forced } = await refreshing()
    const inside: Watched[] = []
    api.on((event) => {
      if (event.type === 'session' && event.source === 'refresh')
        inside.push(watch(api.ensureLogin(options), fake))
    })
    await fake.clock.runAll()
    expect([request.code, forced.code, ...codesOf(inside)]).toEqual(['ok', 'ok', 'ok'])
    expect([fake.calls.logins, inside[0]?.value]).toEqual([1, forced.value])
  })

  test('and sets a session: it stays, no code is taken, and whoever forced a login has it', async () => {
    const { fake, api, request, forced } = await refreshing()
    fake.server.issue('set')
    api.on((event) => {
      if (event.type === 'login' && event.phase === 'success') api.setSession('set')
    })
    await fake.clock.runAll()
    expect(codesOf([request, forced])).toEqual(['ok', 'ok'])
    expect([api.session?.token, forced.value?.token, fake.calls.logins]).toEqual(['set', 'set', 0])
  })
})

test('a login forced on hearing of setSession() is a login of its own', async () => {
  const { fake, api } = makeWorld({ client: { checkSession: false } })
  const forced: Watched[] = []
  api.on((event) => {
    if (event.type === 'session' && event.source === 'set')
      forced.push(watch(api.ensureLogin({ force: true }), fake))
  })
  api.setSession('set')
  await fake.clock.runAll()
  expect([codesOf(forced), fake.calls.logins]).toEqual([['ok'], 1])
  expect(forced[0]?.value).toBe(api.session)
})

describe('a function of the app that rejects with something strange: everybody is told all the same', () => {
  const looped = Object.assign(new Error('looped'), { response: {} })
  looped.response = looped
  const things: [string, unknown][] = [
    ['an object without a prototype', Object.create(null)],
    ['an error that is its own response', looped],
    ['an object that throws when it is read', { get message(): never { throw SAID_NO } }], // prettier-ignore
    ['a response that throws when it is read', { response: { status: 400, get data(): never { throw SAID_NO } } }], // prettier-ignore
    ['nothing', undefined],
  ]
  const reject = (thing: unknown) => () => {
    const answer = deferred<string>()
    answer.reject(thing)
    return answer.promise
  }

  test.each(things)('exchange, with %s', async (_what, thing) => {
    const { fake } = makeWorld()
    const { api } = clientOn(fake, { login: { exchange: reject(thing), retry: 0 } })
    const all = [watch<unknown>(api.get('/orders'), fake), watch<unknown>(api.ensureLogin(), fake)]
    await fake.clock.runAll()
    expect(codesOf(all)[0]).toMatch(/^LOGIN_(FAILED|REJECTED)$/)
    expect(all[0]?.error).toBe(all[1]?.error)
  })

  test.each(things)('refresh, with %s', async (_what, thing) => {
    const { fake } = makeWorld({ stored: 'dead', isLive: false })
    const { api } = clientOn(fake, { login: { url: '/login', refresh: reject(thing) } })
    const request = watch(api.get('/orders'), fake)
    await fake.clock.runAll()
    expect([request.code, fake.calls.logins]).toEqual(['ok', 1])
  })

  test.each(things)('a store, with %s', async (_what, thing) => {
    const { fake } = makeWorld()
    const failing = reject(thing)
    const { api } = clientOn(fake, { storage: { get: failing, set: failing, remove: failing } })
    const request = watch(api.get('/orders'), fake)
    await fake.clock.runAll()
    expect(request.code).toBe('ok')
  })
})
