import { buildTimeline } from '../../demo/timeline'
import type { ClientEvent, RequestEvent } from '../../src'

const START = 1_000_000

function step(at: number, phase: RequestEvent['phase'], more: Partial<RequestEvent> = {}): RequestEvent {
  const request = { id: 1, method: 'GET', url: 'http://127.0.0.1:3000/orders', attempt: 1, duration: 0 }
  return { type: 'request', at: START + at, phase, ...request, ...more }
}

function login(at: number, phase: 'start' | 'success' | 'fail', more = {}): ClientEvent {
  return { type: 'login', at: START + at, phase, reason: 'unauthorized', ...more }
}

const laneOf = (...events: ClientEvent[]) => buildTimeline(events).lanes[0]

test('a request that is sent and answered is one span and a mark', () => {
  expect(laneOf(step(0, 'send'), step(80, 'success', { statusCode: 200 }))).toEqual({
    label: 'GET /orders',
    spans: [{ state: 'sent', from: 0, to: 80 }],
    marks: [{ moment: 'done', at: 80 }],
    outcome: '200',
  })
})

test('a 401 is marked, the wait for the login shown, and what goes out then is a replay', () => {
  const lane = laneOf(
    step(0, 'send'),
    step(80, 'replay'),
    step(80, 'wait'),
    login(81, 'start'),
    login(180, 'success'),
    step(180, 'send'),
    step(260, 'success', { statusCode: 200 }),
  )
  expect(lane?.spans).toEqual([
    { state: 'sent', from: 0, to: 80 },
    { state: 'waiting', from: 80, to: 180 },
    { state: 'replayed', from: 180, to: 260 },
  ])
  expect(lane?.marks.map(({ moment }) => moment)).toEqual(['refused', 'done'])
})

test('a wait without a login is one for a lane', () => {
  expect(laneOf(step(0, 'wait'), step(50, 'send'), step(90, 'success'))?.spans[0]?.state).toBe('queued')
})

test('one that waits for a lane, a login and a lane again is seen to', () => {
  const lane = laneOf(
    step(0, 'wait'),
    login(100, 'start'),
    login(200, 'success'),
    step(250, 'send'),
    step(300, 'success'),
  )
  expect(lane?.spans).toEqual([
    { state: 'queued', from: 0, to: 90 },
    { state: 'waiting', from: 90, to: 200 },
    { state: 'queued', from: 200, to: 250 },
    { state: 'sent', from: 250, to: 300 },
  ])
})

test('what is tried again after a failure is told apart from a replay', () => {
  const lane = laneOf(
    step(0, 'send'),
    step(10, 'retry', { code: 'NETWORK' }),
    step(300, 'send'),
    step(310, 'fail', { code: 'NETWORK' }),
  )
  expect(lane?.spans.map(({ state }) => state)).toEqual(['sent', 'paused', 'retried'])
  expect(lane?.marks.map(({ moment }) => moment)).toEqual(['lost', 'failed'])
  expect(lane?.outcome).toBe('NETWORK')
})

test('a login is a bar of its own, with its reason; one that fails says with what', () => {
  const { bars } = buildTimeline([
    login(0, 'start'),
    login(100, 'success'),
    login(200, 'start', { reason: 'forced' }),
    login(250, 'fail', { code: 'LOGIN_TIMEOUT' }),
  ])
  expect(bars.map(({ from, to, text }) => [from, to, text])).toEqual([
    [0, 100, 'after a 401'],
    [200, 250, 'failed: LOGIN_TIMEOUT'],
  ])
})

test('requests are in the order in which they were made, whoever comes back first', () => {
  const { lanes } = buildTimeline([
    step(0, 'send', { id: 7, method: 'PUT' }),
    step(1, 'send', { id: 8 }),
    step(10, 'success', { id: 8 }),
    step(20, 'success', { id: 7 }),
  ])
  expect(lanes.map(({ label }) => label)).toEqual(['PUT /orders', 'GET /orders'])
})

test('what has not ended lasts until the end', () => {
  const { lanes, bars, duration } = buildTimeline([
    step(0, 'wait'),
    login(0, 'start'),
    step(500, 'send', { id: 2 }),
  ])
  expect(duration).toBe(500)
  expect(lanes[0]).toMatchObject({ spans: [{ state: 'waiting', from: 0, to: 500 }], outcome: '' })
  expect(bars[0]).toMatchObject({ from: 0, to: 500 })
})

test('bars and progress from elsewhere stand on the same time', () => {
  const outage = {
    label: 'server',
    text: 'gone',
    kind: 'outage' as const,
    from: START + 10,
    to: START + 40,
  }
  const { bars, progress } = buildTimeline([step(0, 'send')], {
    bars: [outage],
    progress: [{ at: START + 20, percent: 50 }],
  })
  expect(bars).toEqual([{ ...outage, from: 10, to: 40 }])
  expect(progress).toEqual([{ at: 20, percent: 50 }])
})

test('nothing at all is an empty timeline', () => {
  expect(buildTimeline([])).toEqual({ duration: 0, bars: [], lanes: [], progress: [] })
})

test('events of other kinds are not lanes', () => {
  expect(buildTimeline([{ type: 'logout', at: START }]).lanes).toEqual([])
})
