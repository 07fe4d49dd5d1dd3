import type { LoginSpan, Segment, Timeline } from './timeline'

/** A bar as WXML draws it: where it is, how it looks, what stands in it. */
interface Bar {
  /** Its place among the bars of its row: what WXML knows it by from one drawing to the next. */
  id: number
  look: string
  style: string
  text: string
}

export interface Chart {
  rows: { id: number; bars: Bar[] }[]
  /** Height of each row and the gap below it. */
  rowStyle: string
  logins: { id: number; style: string; label: string; side: string }[]
  ticks: { label: string; style: string }[]
  /** Where the line of the present moment is; empty when all is over. */
  now: string
}

/** Height of all rows together, and the most that one row takes; in rpx. */
const PLOT = 384
const ROW = 56
/** The lowest row that has room for a text, in rpx, and the narrowest bar, as a part of the width. */
const READABLE = 30
const ROOM = 0.09

/** Lengths the axis has while things go on, in ms: it grows by steps, so that bars do not jitter. */
const SPANS = [400, 600, 800, 1000, 1600, 2000, 3000, 4000, 6000, 8000, 12_000, 20_000, 30_000, 60_000]
/** Distances that ticks may have, in ms. */
const STEPS = [50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000]
const MOST_TICKS = 5

/** Draws a timeline at `now` ms into the burst. */
export function chartOf(timeline: Timeline, now: number): Chart {
  const { tracks, logins, isOver } = timeline
  const length = Math.max(now, timeline.end) * 1.02
  const span = isOver ? Math.max(length, 1) : spanFor(length)
  const x = (ms: number): string => `${((ms / span) * 100).toFixed(2)}%`
  const place = (from: number, to = now): string =>
    `left:${x(from)};width:${x(Math.max(to - from, span / 250))}`
  const row = Math.min(ROW, PLOT / Math.max(1, tracks.length))

  function barOf(segment: Segment, id: number): Bar {
    const { from, to = now } = segment
    const hasRoom = row >= READABLE && (to - from) / span >= ROOM
    return { id, look: lookOf(segment), style: place(from, to), text: hasRoom ? textOf(segment) : '' }
  }

  return {
    rows: tracks.map(({ id, segments }) => ({ id, bars: segments.map(barOf) })),
    rowStyle: `height:${(row * 0.78).toFixed(1)}rpx;margin-bottom:${(row * 0.22).toFixed(1)}rpx`,
    logins: logins.map((login, id) => ({
      id,
      style: place(login.from, login.to),
      label: loginText(login),
      side: sideOf((login.from + (login.to ?? now)) / 2 / span),
    })),
    ticks: ticksOf(span).map((ms) => ({ label: tickText(ms, span), style: `left:${x(ms)}` })),
    now: isOver ? '' : `left:${x(now)}`,
  }
}

/** The shortest round span that holds `ms`. */
export function spanFor(ms: number): number {
  return SPANS.find((span) => span >= ms) ?? ms
}

/** Round moments on an axis of `span` ms, from 0. */
export function ticksOf(span: number): number[] {
  const step = STEPS.find((one) => span / one <= MOST_TICKS) ?? span
  return Array.from({ length: Math.floor(span / step) + 1 }, (_, index) => index * step)
}

function tickText(ms: number, span: number): string {
  if (ms === 0) return '0'
  return span < 1000 ? `${ms}ms` : `${Number((ms / 1000).toFixed(2))}s`
}

function lookOf({ kind, end, to }: Segment): string {
  if (kind === 'wait') return 'bar-wait'
  if (to === undefined) return `bar-${kind} bar-going`
  if (end === 'refused' || end === 'failed') return `bar-${end}`
  return end === 'ok' ? `bar-${kind} bar-ok` : `bar-${kind}`
}

function textOf({ kind, end, to, statusCode }: Segment): string {
  if (kind === 'wait' || to === undefined) return ''
  return statusCode === undefined ? (end === 'failed' ? '失败' : '') : String(statusCode)
}

function loginText({ from, to, failed }: LoginSpan): string {
  if (to === undefined) return '登录中'
  return failed ? '登录失败' : `登录 ${Math.round(to - from)} ms`
}

/** Near an edge a label is written away from it. */
function sideOf(middle: number): string {
  return middle < 0.15 ? 'left' : middle > 0.85 ? 'right' : 'middle'
}
