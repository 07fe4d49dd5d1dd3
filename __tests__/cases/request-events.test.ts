import { createClient, type ClientEvent } from '../../src'
import { knownPhone, phone, result, usual } from '../phone'
import { requestEvents, watch } from '../laws/world'
import { createFakeWeChat } from '../../src/testing'

const HOUR = 3_600_000

describe('R28: duration is the request’s own', () => {
  const durations = (events: readonly ClientEvent[]) => requestEvents(events).map(({ duration }) => duration)

  test('for a client that was made an hour ago', async () => {
    const { fake, api, events } = knownPhone()
    await fake.clock.advance(HOUR)
    await result(fake, api.get('/orders'))
    expect(durations(events).length).toBeGreaterThan(0)
    expect(Math.max(...durations(events))).toBeLessThan(1000)
  })

  test('for a listener that came while the request was under way', async () => {
    const { fake, api } = phone()
    const quiet = createClient(usual(fake))
    await fake.clock.advance(HOUR)
    const events: ClientEvent[] = []
    const sent = quiet.get('/orders')
    await fake.clock.advance(5)
    quiet.on((event) => events.push(event))
    await result(fake, Promise.all([sent, api.ensureLogin()]))
    expect(durations(events).length).toBeGreaterThan(0)
    expect(Math.max(...durations(events))).toBeLessThan(1000)
  })

  test('with what it waited for, tries and replays included', async () => {
    const { fake, api, events } = phone({ retry: { delay: () => 500 } }, { loginLatency: 1000 })
    let answers = 0
    fake.server.on('/orders', () => ({ statusCode: answers++ ? 200 : 503 }))
    await fake.clock.advance(HOUR)
    const begun = fake.clock.now()
    const ended = watch(api.get('/orders'), fake)
    await fake.clock.runAll()
    const success = requestEvents(events).find(({ phase }) => phase === 'success')
    const took = (ended.at ?? 0) - begun
    expect(took).toBeGreaterThanOrEqual(1500)
    expect(Math.abs((success?.duration ?? 0) - took)).toBeLessThan(20)
  })

  test('of an upload, and of authorize() as well', async () => {
    const { fake, api, events } = knownPhone()
    await fake.clock.advance(HOUR)
    await result(fake, api.uploadFile({ url: '/avatar', filePath: 'f', name: 'n' }))
    await result(
      fake,
      api.authorize((token) => token),
    )
    expect(new Set(requestEvents(events).map(({ method }) => method))).toEqual(new Set(['POST', 'RUN']))
    expect(Math.max(...durations(events))).toBeLessThan(1000)
  })

  test('attempt counts what has gone out', async () => {
    const { fake, api, events } = knownPhone({ checkSession: false })
    fake.server.expire()
    await result(fake, api.get('/orders'))
    const sends = requestEvents(events).filter(({ phase }) => phase === 'send')
    expect(sends.map(({ attempt }) => attempt)).toEqual([1, 2])
  })
})

describe('R29: a listener may log out whatever it hears', () => {
  test('of a store that fails to remove: it is told once, and logout() does not throw', () => {
    const fake = createFakeWeChat()
    fake.storage.set('miniprogram-session', { token: 'good' })
    fake.storage.fail('remove')
    const events: ClientEvent[] = []
    const api = createClient({
      ...usual(fake),
      onEvent(event) {
        events.push(event)
        if (event.type === 'storage-error' && events.length < 50) api.logout()
      },
    })
    expect(() => api.logout()).not.toThrow()
    const removals = events.filter((event) => event.type === 'storage-error' && event.operation === 'remove')
    expect([removals.length, api.session]).toEqual([1, undefined])
  })

  test('of a store of its own that fails in a promise', async () => {
    const fake = createFakeWeChat()
    const events: ClientEvent[] = []
    const api = createClient({
      ...usual(fake),
      storage: {
        get: () => ({ token: 'good' }),
        set: () => undefined,
        remove: () => Promise.reject(new Error('locked')),
      },
      onEvent(event) {
        events.push(event)
        if (event.type === 'storage-error' && events.length < 50) api.logout()
      },
    })
    api.logout()
    await fake.clock.runAll()
    expect(events.filter(({ type }) => type === 'storage-error').length).toBe(1)
  })
})
