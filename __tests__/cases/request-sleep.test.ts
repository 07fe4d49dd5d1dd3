import { createClient, type Client, type ClientOptions } from '../../src'
import type { FakeWeChat } from '../../src/testing'
import { altered, HOME, makeWorld, watch } from '../laws/world'
import { KINDS, napping, sendBy } from './request-helpers'

const SECOND = 1000
const HOUR = 3_600_000

/** A world whose phone can sleep and whose clock can be set. */
function drowsy(client: Partial<ClientOptions> = {}, isKnown = true) {
  const { fake } = makeWorld(isKnown ? { stored: 'good' } : {})
  const { clock, jump, sleep } = napping(fake)
  const api = createClient({
    platform: altered(fake, { clock }),
    baseURL: HOME,
    login: { url: '/login' },
    ...client,
  })
  return { fake, api, clock, jump, sleep }
}

const ways = [
  ['the clock is set an hour ahead', 'jump'],
  ['the phone sleeps for an hour', 'sleep'],
] as const

describe('R7: time-outs do not run while the phone sleeps or its clock is set', () => {
  /** What is under way when it happens, each answered 2 s after it was sent. */
  const underWay: [string, (api: Client, fake: FakeWeChat) => Promise<unknown>][] = [
    ...KINDS.map((kind): [string, (api: Client) => Promise<unknown>] => [
      `a ${kind}`,
      (api) => sendBy(api, kind),
    ]),
    ['a chunked request', (api) => sendBy(api, 'request', { enableChunked: true })],
    ['a request with a totalTimeout', (api) => sendBy(api, 'request', { totalTimeout: 10 * SECOND })],
    [
      'a run with a totalTimeout',
      (api, fake) =>
        api
          .extend({ totalTimeout: 10 * SECOND })
          .authorize(
            (token) => new Promise((answer) => fake.clock.setTimeout(() => answer(token), 2 * SECOND)),
          ),
    ],
  ]

  for (const [how, deed] of ways) {
    test.each(underWay)(`%s gets its answer, though meanwhile ${how}`, async (_what, send) => {
      const world = drowsy({ retry: false })
      world.fake.server.latency('/file', 2 * SECOND)
      const ended = watch(send(world.api, world.fake), world.fake)
      await world.fake.clock.advance(SECOND)
      world[deed](HOUR)
      await world.fake.clock.advance(2 * SECOND)
      expect(ended.code).toBe('ok')
    })

    test(`ten requests get their answers, though meanwhile ${how}`, async () => {
      const world = drowsy({ retry: false })
      world.fake.server.latency('/file', 2 * SECOND)
      const all = Array.from({ length: 10 }, () => watch(sendBy(world.api, 'request'), world.fake))
      await world.fake.clock.advance(SECOND)
      world[deed](HOUR)
      await world.fake.clock.advance(10 * SECOND)
      expect(all.map(({ code }) => code)).toEqual(all.map(() => 'ok'))
    })

    test(`a login goes on, though meanwhile ${how}`, async () => {
      const world = drowsy({}, false)
      world.fake.server.latency('/login', 2 * SECOND)
      const ended = watch(world.api.get('/orders'), world.fake)
      await world.fake.clock.advance(SECOND)
      world[deed](HOUR)
      await world.fake.clock.advance(5 * SECOND)
      expect([ended.code, world.fake.calls.logins]).toEqual(['ok', 1])
    })

    test(`what is never answered still ends in its time, though meanwhile ${how}`, async () => {
      const world = drowsy({ retry: false })
      world.fake.server.hold('/file')
      const ended = watch(sendBy(world.api, 'request'), world.fake)
      await world.fake.clock.advance(SECOND)
      world[deed](HOUR)
      await world.fake.clock.advance(20 * SECOND)
      expect(ended.code).toBe('pending')
      await world.fake.clock.advance(15 * SECOND)
      expect(ended.code).toBe('TIMEOUT')
    })

    test(`the wait before a retry is over, when meanwhile ${how}`, async () => {
      const world = drowsy({ retry: { delay: () => 50 * SECOND } })
      let answers = 0
      world.fake.server.on('/file', () => ({ statusCode: answers++ ? 200 : 503 }))
      const ended = watch(world.api.get('/file'), world.fake)
      await world.fake.clock.advance(SECOND)
      expect([ended.code, answers]).toEqual(['pending', 1])
      world[deed](HOUR)
      await world.fake.clock.advance(40 * SECOND)
      expect([ended.code, answers]).toEqual(['ok', 2])
    })
  }

  test('it may happen twice to one request', async () => {
    const { fake, api, jump, sleep } = drowsy({ retry: false, timeout: 5 * SECOND })
    fake.server.latency('/file', 3 * SECOND)
    const ended = watch(api.get('/file'), fake)
    await fake.clock.advance(SECOND)
    jump(HOUR)
    await fake.clock.advance(1.5 * SECOND)
    sleep(HOUR)
    await fake.clock.advance(SECOND)
    expect(ended.code).toBe('ok')
  })

  test('a clock that is set back keeps no request from its end', async () => {
    const { fake, api, jump } = drowsy({ retry: false })
    fake.server.hold('/file')
    const ended = watch(api.get('/file'), fake)
    await fake.clock.advance(SECOND)
    jump(-HOUR)
    await fake.clock.advance(20 * SECOND)
    expect(ended.code).toBe('pending')
    await fake.clock.advance(15 * SECOND)
    expect(ended.code).toBe('TIMEOUT')
  })

  test('after the phone has woken up, new requests have their usual time', async () => {
    const { fake, api, sleep } = drowsy({ retry: false, timeout: 5 * SECOND })
    sleep(HOUR)
    fake.server.hold('/file')
    const ended = watch(api.get('/file'), fake)
    await fake.clock.advance(4 * SECOND)
    expect(ended.code).toBe('pending')
    await fake.clock.advance(2 * SECOND)
    expect(ended.code).toBe('TIMEOUT')
  })
})
