import type { Attempt, Picture, Track } from './picture'
import { SIDES, type Side } from './play'
import type { Words } from './words'

/** Units across, whatever the time, finer than a phone's dots; each request has ten down. */
const WIDTH = 1000
const ROW = 10
const MARK = 6

/** ms across both pictures: as long as they will take, so that nothing moves while they are played. */
export const spanOf = (...pictures: Picture[]) => 1.02 * Math.max(100, ...pictures.map(({ end }) => end))

/** Both sides, as HTML: the same in a page that is made on a server and in one that plays. */
export function drawBurst(pictures: Record<Side, Picture>, span: number, words: Words): string {
  return SIDES.map((side) => figure(words.sides[side], pictures[side], span, words)).join('') + legend(words)
}

function figure(name: string, picture: Picture, span: number, words: Words): string {
  const { tracks, counts, end } = picture
  const verdict = words.verdict(counts.answered, tracks.length, counts.refused, counts.codes, time(end))
  const height = tracks.length * ROW
  const logins = picture.logins
    .map(({ from, to = end, failed }) => {
      const width = round(Math.max(1, across(to - from, span)))
      return `<rect class="${failed ? 'bad login' : 'login'}" x="${round(across(from, span))}" width="${width}" height="${height}"/>`
    })
    .join('')
  const paths = Object.entries(shapes(tracks, span, end))
    .map(([kind, path]) => `<path class="${kind}" d="${path}"/>`)
    .join('')
  return (
    `<figure><figcaption><strong>${name}</strong> <span>${verdict}</span></figcaption>` +
    `<svg class="plot" viewBox="0 0 ${WIDTH} ${height}" preserveAspectRatio="none" aria-hidden="true">` +
    `${grid(span, height)}${logins}${paths}</svg>${axis(span)}</figure>`
  )
}

/** One path for each kind: a picture of a hundred requests is a dozen elements. */
function shapes(tracks: readonly Track[], span: number, end: number): Record<string, string> {
  const paths: Record<string, string> = {}
  const add = (kind: string, path: string) => (paths[kind] = (paths[kind] ?? '') + path)
  tracks.forEach(({ to = end, failed, attempts }, row) => {
    add('waiting', bar(0, to, row, span))
    for (const attempt of attempts) add(attempt.kind, shape(attempt, row, span, end))
    if (failed) add('failed', cross(to, row, span))
  })
  return paths
}

/** Told apart by form, for who cannot by colour: a 401 tapers off to nothing, a lost one is broken up, one in a queue is thin. */
function shape(attempt: Attempt, row: number, span: number, end: number): string {
  const { kind, from, to = end } = attempt
  if (kind === 'refused') {
    const x = across(from, span)
    return `M${round(x)} ${row * ROW}v${ROW}L${round(Math.max(x + 3, across(to, span)))} ${row * ROW + ROW / 2}z`
  }
  if (kind !== 'lost') return bar(from, to, row, span)
  const piece = (to - from) / 7
  return [0, 2, 4, 6].map((n) => bar(from + n * piece, from + (n + 1) * piece, row, span)).join('')
}

/** A line; the style says how thick it is. */
const bar = (from: number, to: number, row: number, span: number) =>
  `M${round(across(from, span))} ${(row + 0.5) * ROW}h${round(Math.max(1, across(to - from, span)))}`

function cross(at: number, row: number, span: number): string {
  const x = round(Math.min(WIDTH - MARK, across(at, span)))
  return `M${x} ${row * ROW}l${MARK} ${ROW}m0 -${ROW}l-${MARK} ${ROW}`
}

function grid(span: number, height: number): string {
  const lines = ticks(span).map((tick) => `M${round(across(tick, span))} 0v${height}`)
  return `<path class="tick" d="${lines.join('')}"/>`
}

function axis(span: number): string {
  const labels = ticks(span).map(
    (tick) => `<span style="left:${round(across(tick, span)) / 10}%">${time(tick)}</span>`,
  )
  return `<div class="axis" aria-hidden="true">${labels.join('')}</div>`
}

function legend({ legend: labels }: Words): string {
  const items = Object.entries(labels).map(([kind, label]) => `<li>${sample(kind)}${label}</li>`)
  return `<ul class="legend">${items.join('')}</ul>`
}

function sample(kind: string): string {
  const open = '<svg class="plot" viewBox="0 0 20 10" aria-hidden="true">'
  if (kind === 'login') return `${open}<rect class="login" width="20" height="10"/></svg>`
  const path =
    kind === 'failed'
      ? 'M7 0l6 10m0 -10l-6 10'
      : shape({ kind: kind as Attempt['kind'], from: 0, to: 20 }, 0, WIDTH, 20)
  return `${open}<path class="${kind}" d="${path}"/></svg>`
}

export function ticks(span: number): number[] {
  const step = [50, 100, 200, 500, 1000, 2000, 5000, 10_000].find((one) => span / one <= 5) ?? 20_000
  return Array.from({ length: Math.floor((span * 0.96) / step) + 1 }, (_, index) => index * step)
}

const across = (ms: number, span: number) => (ms / span) * WIDTH
const round = Math.round
export const time = (ms: number) =>
  ms < 1000 ? `${Math.round(ms).toString()} ms` : `${(ms / 1000).toFixed(2)} s`
