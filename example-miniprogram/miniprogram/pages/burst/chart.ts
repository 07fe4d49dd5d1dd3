import type { Segment, Timeline } from './timeline'

/** A bar as WXML draws it: where it is, how wide, how it looks. */
interface Bar {
  look: string
  style: string
}

export interface Chart {
  rows: { id: number; bars: Bar[]; mark: string }[]
  logins: { style: string; label: string }[]
  ticks: { label: string; style: string }[]
}

/** Round lengths an axis may have, in ms. */
const SPANS = [400, 600, 800, 1000, 1600, 2000, 3000, 4000, 6000, 8000, 12_000, 20_000, 30_000, 60_000]

/** The shortest round span that holds `ms`. While things go on it grows by steps, so that bars do not jitter. */
export function spanFor(ms: number): number {
  return SPANS.find((span) => span >= ms) ?? ms
}

/** Draws a timeline at `now` ms into the burst. */
export function chartOf(timeline: Timeline, now: number): Chart {
  const span = spanFor(Math.max(now, timeline.end) * 1.02)
  const x = (ms: number): string => `${((ms / span) * 100).toFixed(2)}%`
  const place = (from: number, to = now): string =>
    `left:${x(from)};width:${x(Math.max(to - from, span / 250))}`
  return {
    rows: timeline.tracks.map(({ id, segments, outcome }) => ({
      id,
      bars: segments.map((segment) => ({ look: lookOf(segment), style: place(segment.from, segment.to) })),
      mark: outcome ?? '',
    })),
    logins: timeline.logins.map(({ from, to, failed }) => ({
      style: place(from, to),
      label: to === undefined ? '登录中' : failed ? '登录失败' : `登录 ${Math.round(to - from)} ms`,
    })),
    ticks: [0, 0.25, 0.5, 0.75, 1].map((part) => ({
      label: part === 0 ? '0' : tick(span * part),
      style: `left:${part * 100}%`,
    })),
  }
}

function lookOf({ kind, end, to }: Segment): string {
  if (kind === 'wait') return 'bar-wait'
  const colour = end === 'refused' ? 'bar-refused' : end === 'failed' ? 'bar-failed' : `bar-${kind}`
  return to === undefined ? `bar-${kind} bar-going` : colour
}

function tick(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)}` : `${Number((ms / 1000).toFixed(2))}s`
}
