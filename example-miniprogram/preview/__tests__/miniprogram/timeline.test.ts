import type { ClientEvent } from 'miniprogram-session'
import { chartOf, spanFor } from '../../../miniprogram/pages/burst/chart'
import { Timeline } from '../../../miniprogram/pages/burst/timeline'

type Phase = Extract<ClientEvent, { type: 'request' }>['phase']

const request = (id: number, at: number, phase: Phase, attempt = 1): ClientEvent => ({
  type: 'request',
  id,
  at: 1000 + at,
  phase,
  attempt,
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
      { kind: 'first', from: 0, to: 100, end: 'refused' },
      { kind: 'wait', from: 101, to: 310 },
      { kind: 'replay', from: 310, to: 420, end: 'ok' },
    ])
    expect(refusedAndReplayed.tracks[1]?.segments).toEqual([
      { kind: 'wait', from: 0, to: 300 },
      { kind: 'first', from: 300, to: 400, end: 'ok' },
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

  it('draws the login across all of them', () => {
    expect(chartOf(refusedAndReplayed, 420).logins).toEqual([
      { style: 'left:16.67%;width:33.33%', label: '登录 200 ms' },
    ])
  })

  it('goes on to now where something has not ended', () => {
    const { rows } = chartOf(timelineOf(request(1, 0, 'send')), 200)
    expect(rows[0]?.bars).toEqual([{ look: 'bar-first bar-going', style: 'left:0.00%;width:50.00%' }])
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

  it('has an axis that grows by steps', () => {
    expect([1, 400, 401, 1000, 59_000, 70_000].map(spanFor)).toEqual([400, 400, 600, 1000, 60_000, 70_000])
  })
})
