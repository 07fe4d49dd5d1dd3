import fc from 'fast-check'
import type { Client } from '../../src'
import { cache } from '../../src/cache'
import { scope, type Scope } from '../../src/page'
import { createFakeClock, createFakeWeChat } from '../../src/testing'
import { failures, loading } from '../../src/ui'
import { clientOn, KEY, watch, type Watched } from '../laws/world'
import { runs } from '../runs'

/** Pages open and close, users switch, taps come, answers are slow: what must hold whatever the order. */
type Step =
  | { is: 'open' | 'close' | 'logout' | 'login' | 'hide' | 'show' | 'offline' | 'online' | 'clear' }
  | {
      is: 'read' | 'write'
      path: number
      overlap: 'join' | 'replace' | undefined
      aborts: boolean
      /** Asks for what is true now. */
      anew: boolean
    }
  | { is: 'answer'; yes: boolean }
  | { is: 'wait'; ms: number }

const plain = fc.constantFrom(
  'open',
  'close',
  'logout',
  'login',
  'hide',
  'show',
  'offline',
  'online',
  'clear',
)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: plain.map((is) => ({ is })) },
  {
    weight: 6,
    arbitrary: fc.record({
      is: fc.constantFrom('read' as const, 'read' as const, 'write' as const),
      path: fc.nat(2),
      overlap: fc.constantFrom(undefined, 'join' as const, 'replace' as const),
      aborts: fc.boolean(),
      anew: fc.nat(2).map((n) => n === 0),
    }),
  },
  { weight: 2, arbitrary: fc.boolean().map((yes) => ({ is: 'answer' as const, yes })) },
  { weight: 5, arbitrary: fc.nat(1500).map((ms) => ({ is: 'wait' as const, ms })) },
)

interface Told {
  user: string
  nth: number
  /** How many writes had been taken at this path. */
  writes: number
  /** `'error'`: the server was not to be had, and `staleIfError` gave what there was. */
  cached?: string
}

interface Asked {
  readonly page: Scope
  readonly step: Extract<Step, { path: number }>
  readonly end: Watched<Told>
  /** Those who were logged in from the call to its end. */
  readonly users: Set<string>
  /** Whether the page had ended before this settled. */
  endedAt: number | undefined
  /** The writes that it must know of: those that had been taken, or that another has been told of, when it was made. */
  readonly knows: number
}

const MAX = 2

function createStory(latency: number, isStale: boolean) {
  const clock = createFakeClock()
  const fake = createFakeWeChat({ clock, latency })
  const { server } = fake
  const kept = cache({ ttl: 800, staleWhileRevalidate: isStale ? 2000 : 0, staleIfError: 1000, max: MAX })
  let nth = 0
  const taken: number[] = []
  const writes = [0, 0, 0]
  for (const path of [0, 1, 2]) {
    server.on(
      `GET /${path}`,
      server.guard((request) => ({
        delay: (path * 700 * ((nth * 7) % 5)) / 4,
        data: { user: request.headerOf('authorization')?.slice(7), nth: ++nth, writes: writes[path] },
      })),
    )
    server.on(
      `POST /${path}`,
      server.guard((request) => {
        taken.push((request.json as { id: number }).id)
        writes[path] = Number(writes[path]) + 1
        return { delay: 300, data: { user: request.headerOf('authorization')?.slice(7), nth: ++nth } }
      }),
    )
  }
  fake.storage.set(KEY, { token: server.issue() })
  const { api: plainApi } = clientOn(fake, {
    retry: 0,
    autoLogin: false,
    use: [loading(), kept],
    unwrap: ({ data, cached }) => Object.assign(Object(data), { cached }) as object,
  })
  const api: Client = failures(plainApi)
  const asked: Asked[] = []
  const userNow = () => plainApi.session?.token ?? ''
  let page = scope(api)
  const seen = () => {
    for (const one of asked) if (one.end.code === 'pending') one.users.add(userNow())
  }

  function ask(step: Asked['step']): void {
    const { overlap, path, anew } = step
    const context = { ...(overlap && { overlap }), ...(anew && { cache: { ttl: 0 } }) }
    const isAlone = step.is === 'read' && overlap !== 'join'
    const told = asked.flatMap(({ end, step }) =>
      step.path === path && step.is === 'read' && step.anew && step.overlap !== 'join' && end.value
        ? [end.value.writes]
        : [],
    )
    const task =
      step.is === 'read'
        ? page.get(`/${path}`, undefined, { context })
        : page.post(`/${path}`, { id: overlap === 'join' ? -path - 1 : asked.length }, { context })
    const one: Asked = {
      page,
      step,
      end: watch(task as Promise<Told>, fake),
      users: new Set([userNow()]),
      endedAt: undefined,
      knows: isAlone ? Math.max(0, ...told, anew ? Number(writes[path]) : 0) : 0,
    }
    asked.push(one)
    if (step.aborts && path === 1) clock.setTimeout(() => task.abort(), 150)
  }

  function act(step: Step): Promise<void> | void {
    if (step.is === 'open') page = scope(api)
    else if (step.is === 'close') {
      page.end()
      for (const one of asked) if (one.page === page) one.endedAt ??= clock.now()
    } else if (step.is === 'logout') api.logout()
    else if (step.is === 'login') {
      api.logout()
      api.setSession(server.issue())
    } else if (step.is === 'hide') fake.app.toBackground()
    else if (step.is === 'show') fake.app.toForeground()
    else if (step.is === 'offline') fake.network.offline()
    else if (step.is === 'online') fake.network.online()
    else if (step.is === 'clear') kept.clear('/1')
    else if (step.is === 'wait') return clock.advance(step.ms)
    else if (step.is === 'answer') {
      const modal = fake.ui.modals[0]
      if (step.yes) modal?.confirm()
      else modal?.cancel()
    } else if ('path' in step) ask(step)
  }

  async function tell(steps: readonly Step[]): Promise<void> {
    for (const one of steps) {
      seen()
      const later = act(one)
      if (later) await later
      else await clock.settle()
      seen()
      expect(fake.ui.modals.length).toBeLessThanOrEqual(1)
    }
    fake.app.toForeground()
    fake.network.online()
    for (let turn = 0; turn < 40; turn++) {
      await clock.advance(5000)
      fake.ui.modals[0]?.cancel()
      await clock.settle()
    }
  }
  return { fake, asked, taken, tell }
}

test('P1 to P8 hold in any order of what happens', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 60 }),
      fc.nat(200),
      fc.boolean(),
      async (steps, latency, isStale) => {
        const { fake, asked, taken, tell } = createStory(latency, isStale)
        await tell(steps)
        for (const { end, step, endedAt, users, knows } of asked) {
          expect(end.code).not.toBe('pending')
          // P1: no read settles with a value after the end.
          if (step.is === 'read' && endedAt !== undefined && Number(end.at) > endedAt)
            expect(end.code).toBe('ABORTED')
          // P4: nobody is given what is another's.
          if (end.value) expect(users).toContain(end.value.user)
          // P5: what is asked anew is not what was true before, and is not forgotten for it.
          if (end.value && end.value.cached !== 'error' && step.is === 'read')
            expect(end.value.writes).toBeGreaterThanOrEqual(knows)
        }
        // P2 and P3: no order is taken twice, but for those that joined others that were over.
        const own = taken.filter((id) => id >= 0)
        expect(new Set(own).size).toBe(own.length)
        // P6: balanced, not before its delay, not shorter than its minimum.
        const calls = fake.ui.calls.map(({ api }) => api).filter((name) => name.endsWith('Loading'))
        expect(calls).toEqual(calls.map((_, at) => (at % 2 ? 'hideLoading' : 'showLoading')))
        expect(calls.length % 2).toBe(0)
        for (const { kind, from, until } of fake.ui.log)
          if (kind === 'loading') expect(Number(until) - from).toBeGreaterThanOrEqual(500)
        expect([fake.ui.shown, fake.network.running, fake.clock.pending]).toEqual([undefined, 0, 0])
      },
    ),
    runs(150),
  )
})

test('P3: of those that replace each other at most one resolves, and it is the newest', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(300), { minLength: 2, maxLength: 12 }),
      fc.nat(300),
      async (gaps, latency) => {
        const { fake, api } = (() => {
          const clock = createFakeClock()
          const fake = createFakeWeChat({
            clock,
            latency: ({ query }) => (Number(query['n']) * 137 + latency) % 400,
          })
          fake.server.anyPath = true
          return { fake, ...clientOn(fake) }
        })()
        const page = scope(api)
        const ends: Watched[] = []
        for (const [n, gap] of gaps.entries()) {
          ends.push(watch(page.get('/search', { n }, { context: { overlap: 'replace' } }), fake))
          await fake.clock.advance(gap)
        }
        await fake.clock.runAll()
        expect(ends[ends.length - 1]?.code).toBe('ok')
        const order = ends.filter(({ code }) => code === 'ok').map(({ at }) => Number(at))
        expect(order).toEqual([...order].sort((one, other) => one - other))
        for (const [n, { code, at }] of ends.entries())
          if (code === 'ok')
            expect(ends.slice(n + 1).every((later) => Number(later.at) >= Number(at))).toBe(true)
      },
    ),
    runs(100),
  )
})

test('P5: a cache never holds more than its max', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(6), { maxLength: 30 }),
      fc.integer({ min: 1, max: 4 }),
      async (paths, max) => {
        const fake = createFakeWeChat({ clock: createFakeClock() })
        fake.server.anyPath = true
        fake.storage.set(KEY, { token: fake.server.issue() })
        let most = 0
        const store = {
          get: () => undefined,
          set: ({ entries }: { entries: readonly unknown[] }) => void (most = Math.max(most, entries.length)),
          remove: () => undefined,
        }
        const { api } = clientOn(fake, { use: [cache({ ttl: 1e6, max, store })] })
        const recent: number[] = []
        for (const path of paths) {
          const task = watch(api.request({ url: `/${path}` }), fake)
          await fake.clock.runAll()
          expect((task.value as { cached?: string }).cached).toBe(recent.includes(path) ? 'fresh' : undefined)
          recent.splice(0, recent.length, path, ...recent.filter((one) => one !== path))
          recent.splice(max)
        }
        expect(most).toBeLessThanOrEqual(max)
      },
    ),
    runs(60),
  )
})
