import type { ClientEvent } from 'miniprogram-session'
import { chartOf, spanFor, ticksOf } from '../../../miniprogram/pages/burst/chart'
import { Timeline } from '../../../miniprogram/pages/burst/timeline'
import { progressOf, verdictOf } from '../../../miniprogram/pages/burst/verdict'

type Phase = Extract<ClientEvent, { type: 'request' }>['phase']

const STATUS: Partial<Record<Phase, number>> = { replay: 401, success: 200 }
const request = (id: number, at: number, phase: Phase, attempt = 1): ClientEvent => ({
  type: 'request',
  id,
  at: 1000 + at,
  phase,
  attempt,
  ...(STATUS[phase] === undefined ? {} : { statusCode: STATUS[phase] }),
  method: 'GET',
  url: 'http://127.0.0.1:3000/me',
  duration: at,
})
const login = (at: number, phase: 'start' | 'success' | 'fail'): ClientEvent => ({
  type: 'login',
  at: 1000 + at,
  phase,
  reason: 'unauthorized',
})

function timelineOf(...events: ClientEvent[]): Timeline {
  const timeline = new Timeline(1000)
  for (const event of events) timeline.add(event)
  return timeline
}

describe('the timeline of a burst', () => {
  const refusedAndReplayed = timelineOf(
    request(1, 0, 'send'),
    request(2, 0, 'wait'),
    request(1, 100, 'replay'),
    login(100, 'start'),
    request(1, 101, 'wait'),
    login(300, 'success'),
    request(2, 300, 'send'),
    request(1, 310, 'send', 2),
    request(2, 400, 'success'),
    request(1, 420, 'success', 2),
  )

  it('gives each request its stretches: sent, refused, waiting, replayed', () => {
    expect(refusedAndReplayed.tracks[0]?.segments).toEqual([
      { kind: 'first', from: 0, to: 100, end: 'refused', statusCode: 401 },
      { kind: 'wait', from: 101, to: 310 },
      { kind: 'replay', from: 310, to: 420, end: 'ok', statusCode: 200 },
    ])
    expect(refusedAndReplayed.tracks[1]?.segments).toEqual([
      { kind: 'wait', from: 0, to: 300 },
      { kind: 'first', from: 300, to: 400, end: 'ok', statusCode: 200 },
    ])
  })

  it('counts what happened', () => {
    expect(refusedAndReplayed.counts).toEqual({
      total: 2,
      done: 2,
      failed: 0,
      refused: 1,
      replays: 1,
      logins: 1,
    })
    expect(refusedAndReplayed.isOver).toBe(true)
  })

  it('draws the login across all of them, on an axis that ends where the burst does', () => {
    const chart = chartOf(refusedAndReplayed, 420)
    expect(chart.logins).toEqual([
      { id: 0, style: 'left:23.34%;width:46.69%', label: '登录 200 ms', side: 'middle' },
    ])
    expect(chart.now).toBe('')
  })

  it('writes what the server answered into bars that have room for it', () => {
    const texts = chartOf(refusedAndReplayed, 420).rows.map(({ bars }) => bars.map(({ text }) => text))
    expect(texts).toEqual([
      ['401', '', '200'],
      ['', '200'],
    ])
    const many = timelineOf(...Array.from({ length: 50 }, (_, id) => request(id, 0, 'send')))
    for (let id = 0; id < 50; id++) many.add(request(id, 100, 'success'))
    expect(
      chartOf(many, 100)
        .rows.flatMap(({ bars }) => bars.map(({ text }) => text))
        .join(''),
    ).toBe('')
  })

  it('goes on to now where something has not ended', () => {
    const { rows, now } = chartOf(timelineOf(request(1, 0, 'send')), 200)
    expect(rows[0]?.bars).toEqual([
      { id: 0, look: 'bar-first bar-going', style: 'left:0.00%;width:50.00%', text: '' },
    ])
    expect(now).toBe('left:50.00%')
  })

  it('tells a failure that is tried again from a refusal', () => {
    const timeline = timelineOf(
      request(1, 0, 'send'),
      request(1, 50, 'retry'),
      request(1, 90, 'send', 2),
      request(1, 99, 'fail', 2),
    )
    expect(timeline.tracks[0]?.segments.map(({ kind, end }) => [kind, end])).toEqual([
      ['first', 'failed'],
      ['again', 'failed'],
    ])
    expect(timeline.counts).toMatchObject({ refused: 0, replays: 0, failed: 1 })
  })

  it('does not take a retry after a replay for another replay', () => {
    const timeline = timelineOf(
      request(1, 0, 'send'),
      request(1, 50, 'replay'),
      request(1, 60, 'send', 2),
      request(1, 70, 'retry', 2),
      request(1, 90, 'send', 3),
      request(1, 99, 'success', 3),
    )
    expect(timeline.tracks[0]?.segments.map(({ kind }) => kind)).toEqual(['first', 'replay', 'again'])
    expect(timeline.counts).toMatchObject({ refused: 1, replays: 1, done: 1 })
  })

  it('is not over before it began', () => {
    expect(timelineOf().isOver).toBe(false)
  })

  it('has round ticks, never more than six', () => {
    expect(ticksOf(428)).toEqual([0, 100, 200, 300, 400])
    expect(ticksOf(3100)).toEqual([0, 1000, 2000, 3000])
    for (let span = 1; span < 60_000; span += 37) expect(ticksOf(span).length).toBeLessThanOrEqual(6)
  })

  it('has an axis that grows by steps', () => {
    expect([1, 400, 401, 1000, 59_000, 70_000].map(spanFor)).toEqual([400, 400, 600, 1000, 60_000, 70_000])
  })
})

describe('a burst without the SDK', () => {
  const timeline = new Timeline(1000)
  for (const id of [0, 1]) {
    timeline.step(id, 'send', 1000)
    timeline.step(id, 'refused', 1100, 401)
    timeline.step(id, 'login', 1100)
  }

  it('has a login in the row of each request, and none across all', () => {
    for (const id of [0, 1]) {
      timeline.step(id, 'again', 1300)
      timeline.step(id, 'done', 1400, 200)
    }
    expect(
      timeline.tracks.map(({ segments }) => segments.map(({ kind, from, to }) => [kind, from, to])),
    ).toEqual(
      Array(2).fill([
        ['first', 0, 100],
        ['login', 100, 300],
        ['replay', 300, 400],
      ]),
    )
    expect(timeline.logins).toEqual([])
    expect(timeline.counts).toMatchObject({ total: 2, done: 2, refused: 2, replays: 2, logins: 2 })
    expect(chartOf(timeline, 400).rows[0]?.bars.map(({ look }) => look)).toEqual([
      'bar-refused',
      'bar-login',
      'bar-replay bar-ok',
    ])
  })

  it('is judged by the codes that it used up', () => {
    expect(verdictOf(timeline, 2, undefined, true)).toEqual({
      tone: 'bad',
      text: '2 个 401，2 次登录',
      note: '用掉 2 个 code。用 SDK 只要 1 个',
    })
    expect(progressOf(timeline, true).text).toBe('token 被拒绝，各自登录')
  })

  it('that fails in its login says so', () => {
    const failing = new Timeline(1000)
    failing.step(0, 'send', 1000)
    failing.step(0, 'refused', 1010, 401)
    failing.step(0, 'login', 1010)
    failing.step(0, 'failed', 1050)
    expect(failing.tracks[0]?.segments[1]).toMatchObject({ kind: 'login', to: 50, end: 'failed' })
    expect(failing.isOver).toBe(true)
  })
})

describe('the verdict on a burst', () => {
  const burst = timelineOf(
    request(1, 0, 'send'),
    request(2, 0, 'send'),
    request(1, 10, 'replay'),
    request(2, 11, 'replay'),
    login(11, 'start'),
    login(20, 'success'),
    request(1, 21, 'send', 2),
    request(2, 21, 'send', 2),
    request(1, 30, 'success', 2),
    request(2, 30, 'success', 2),
  )

  it('is good when one code served all', () => {
    expect(verdictOf(burst, 1, undefined)).toEqual({
      tone: 'good',
      text: '2 个 401，1 次登录',
      note: '各自登录要用 2 个 code，这里只用了 1 个',
    })
  })

  it('is bad when the server saw more codes than logins', () => {
    expect(verdictOf(burst, 2, undefined)).toMatchObject({ tone: 'bad' })
  })

  it('says what failed and what to do', () => {
    const failing = timelineOf(request(1, 0, 'send'), request(1, 9, 'fail'))
    const failure = { title: '没有网络', advice: '网络恢复后再试一次', detail: '' }
    expect(verdictOf(failing, undefined, failure)).toEqual({
      tone: 'bad',
      text: '1 个请求失败',
      note: '没有网络，网络恢复后再试一次',
    })
  })

  it('is told on the way as well', () => {
    expect(progressOf(timelineOf(request(1, 0, 'send'))).text).toBe('已发出')
    expect(progressOf(timelineOf(request(1, 0, 'replay'), login(1, 'start'))).text).toContain('正在登录')
    expect(progressOf(burst).text).toContain('登录完成')
  })
})
