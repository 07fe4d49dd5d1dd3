import { createClient } from 'miniprogram-session'
import {
  createFakeAccount,
  createFakeClock,
  createFakeServer,
  createFakeWeChat,
  realClock,
  type FakeWeChat,
  type FakeWx,
  type Handler,
} from 'miniprogram-session/testing'
import { createInterceptor } from './interceptor'
import { pictureOf, type Page, type Picture } from './picture'
import { luck, type Settings } from './settings'

export type Side = 'sdk' | 'interceptor'
export const SIDES: readonly Side[] = ['sdk', 'interceptor']

export interface Play {
  /** What there is to see of it by now. */
  look(): Picture
  over: Promise<unknown>
}

const HOME = 'https://api.example.com'
const LOGIN_LATENCY = 60

/** Sends the burst in real time, both sides at once. */
export const playLive = (settings: Settings): Record<Side, Play> => ({
  sdk: begin('sdk', settings, realClock),
  interceptor: begin('interceptor', settings, realClock),
})

/** The same on a clock that takes no time. */
export async function playAtOnce(settings: Settings): Promise<Record<Side, Picture>> {
  const of = async (side: Side) => {
    const clock = createFakeClock()
    const play = begin(side, settings, clock)
    await clock.runAll()
    await play.over
    return play.look()
  }
  return { sdk: await of('sdk'), interceptor: await of('interceptor') }
}

function begin(side: Side, settings: Settings, clock: typeof realClock): Play {
  const { fake, wx, codes } = phone(settings, clock)
  const start = clock.now()
  const get = side === 'sdk' ? sdk(wx, fake) : byHand(wx, fake)
  const plays = Array.from({ length: settings.requests }, (_, index) => {
    const path = `/orders?page=${index + 1}`
    const page: Page = { url: HOME + path }
    const settled = (failed: boolean) => Object.assign(page, { to: clock.now() - start, failed })
    return {
      page,
      over: get(path).then(
        () => settled(false),
        () => settled(true),
      ),
    }
  })
  const pages = plays.map(({ page }) => page)
  return {
    over: Promise.all(plays.map(({ over }) => over)),
    look: () =>
      pictureOf(
        fake.calls.requests,
        pages,
        codes.map((at) => at - start),
        start,
        clock.now(),
      ),
  }
}

/** A phone whose token is dead, and its server, with the luck that the settings say. */
function phone({ latency, failures, loginFails }: Settings, clock: typeof realClock) {
  const attempts = new Map<string, number>()
  const server = createFakeServer({ clock, account: createFakeAccount({ clock }), record: false })
  server.on(
    'GET /orders',
    server.guard(() => ({ data: [] })),
  )
  let failed = !loginFails
  const handle: Handler = (request, wire) => {
    if (request.path === '/login' && !failed) {
      failed = true
      return { statusCode: 503 }
    }
    const fate = luck(`lost ${request.url} ${attempts.get(request.url) ?? 0}`) * 100
    return fate < failures && request.path !== '/login' ? { fail: 'reset' } : server.handle(request, wire)
  }
  const fake = createFakeWeChat({
    clock,
    server: handle,
    account: server.account,
    loginLatency: LOGIN_LATENCY,
    latency: ({ url }) => {
      const attempt = (attempts.get(url) ?? 0) + 1
      attempts.set(url, attempt)
      return latency * (0.4 + 1.2 * luck(`${url} ${attempt}`))
    },
  })
  const codes: number[] = []
  const login: FakeWx['login'] = (options) => {
    codes.push(clock.now())
    return fake.wx.login(options)
  }
  return { fake, wx: { ...fake.wx, login }, codes }
}

type Phone = FakeWeChat<typeof realClock>

function sdk(wx: FakeWx, { storage }: Phone) {
  storage.set('miniprogram-session', { token: 'dead' })
  const api = createClient({ platform: wx, baseURL: HOME, login: { url: '/login' }, checkSession: false })
  return (path: string): Promise<unknown> => api.get(path)
}

function byHand(wx: FakeWx, { storage }: Phone) {
  storage.set('token', 'dead')
  return createInterceptor(wx, HOME)
}
