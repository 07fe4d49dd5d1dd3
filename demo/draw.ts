import type { Style, Tone } from './style'
import type { Bar, Lane, Mark, Progress, Span, Timeline } from './timeline'

const LABEL = 15
const OUTCOME = 9
/** Left of everything, and between label, track and outcome. */
const GAP = 2

interface Cell {
  glyph: string
  tone: Tone | undefined
}

/** Draws a timeline as lines of text: what concerns all on top, a lane for each request, the time below. */
export function drawTimeline(timeline: Timeline, style: Style): string[] {
  const scale = scaleOf(timeline.duration, style.width - LABEL - OUTCOME - 3 * GAP)
  const guides = timeline.bars.flatMap(({ from, to }) => [scale.column(from), scale.column(to)])
  const row = (label: string, track: Cell[], outcome = '', tone?: Tone) => {
    const written = fit(label, LABEL)
    const end = outcome.slice(0, OUTCOME)
    return `  ${style.paint('faint', written)}  ${print(track, style)}  ${tone ? style.paint(tone, end) : end}`.trimEnd()
  }
  return [
    ...barsByLabel(timeline.bars).map(([label, bars]) => row(label, barTrack(bars, scale, style))),
    ...timeline.lanes.map((lane) =>
      row(lane.label, laneTrack(lane, guides, scale, style), lane.outcome, endOf(lane)),
    ),
    ...(timeline.progress.length > 0
      ? [row('progress', progressTrack(timeline.progress, scale), '', 'faint')]
      : []),
    row('', axisTrack(scale, style)),
    row('ms', timeTrack(scale)),
  ]
}

/** What each glyph means, as many to a line as go. */
export function drawLegend(style: Style): string[] {
  const meanings: [Tone & keyof Style['glyphs'], string][] = [
    ['queued', 'waits for a lane'],
    ['waiting', 'waits for the login'],
    ['sent', 'sent'],
    ['refused', '401'],
    ['replayed', 'replayed'],
    ['lost', 'no answer'],
    ['paused', 'pause'],
    ['retried', 'sent again'],
    ['done', 'done'],
    ['failed', 'failed'],
  ]
  const lines: string[] = []
  let room = 0
  for (const [key, meaning] of meanings) {
    const length = meaning.length + 6
    if (length > room) {
      lines.push('')
      room = style.width
    }
    room -= length
    const sample = style.glyphs[key].repeat(['refused', 'lost', 'done', 'failed'].includes(key) ? 1 : 2)
    lines.push(`${lines.pop() ?? ''}  ${style.paint(key, sample)} ${meaning}`)
  }
  return lines
}

interface Scale {
  columns: number
  duration: number
  column: (at: number) => number
  /** Where the axis has its ticks, in ms. */
  ticks: number[]
}

/** The closest together that times can be written on the axis, in columns. */
const TICK_DISTANCE = 7
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000]

function scaleOf(duration: number, columns: number): Scale {
  const perColumn = Math.max(duration, 1) / (columns - 1)
  const step = STEPS.find((ms) => ms / perColumn >= TICK_DISTANCE) ?? duration
  return {
    columns,
    duration,
    column: (at) => Math.max(0, Math.min(columns - 1, Math.round(at / perColumn))),
    ticks: Array.from({ length: Math.floor(duration / step) + 1 }, (_, index) => index * step),
  }
}

function blank(columns: number): Cell[] {
  return Array.from({ length: columns }, () => ({ glyph: ' ', tone: undefined }))
}

function laneTrack({ spans, marks }: Lane, guides: readonly number[], scale: Scale, style: Style): Cell[] {
  const track = blank(scale.columns)
  for (const column of guides) track[column] = { glyph: style.glyphs.guide, tone: 'faint' }
  for (const span of spans) layDown(track, span, scale, style)
  for (const { moment, at } of marks) track[scale.column(at)] = { glyph: style.glyphs[moment], tone: moment }
  return track
}

function layDown(track: Cell[], { state, from, to }: Span, scale: Scale, style: Style): void {
  const [first, last] = [scale.column(from), scale.column(to)]
  // What took no time to speak of is not drawn, or each wait of 0 ms would blot out what came before.
  for (let column = first; column < last; column++)
    track[column] = { glyph: style.glyphs[state], tone: state }
}

function barTrack(bars: readonly Bar[], scale: Scale, style: Style): Cell[] {
  const track = blank(scale.columns)
  for (const { from, to, text, kind } of bars) {
    const [first, last] = [scale.column(from), Math.max(scale.column(from) + 1, scale.column(to))]
    // On a coloured ground a bar needs no glyphs, and without colours it is made of them.
    const solid = style.paint(kind, style.glyphs.bar) === style.glyphs.bar ? style.glyphs.bar : ' '
    for (let column = first; column < last; column++) track[column] = { glyph: solid, tone: kind }
    const words = ` ${text} `
    // Made of glyphs, it must show on both sides of its words.
    const isInside = words.length + (solid === ' ' ? 0 : 2) <= last - first
    const at = isInside ? first + Math.floor((last - first - words.length) / 2) : last
    write(track, at, words, isInside ? kind : undefined)
  }
  return track
}

function progressTrack(progress: readonly Progress[], scale: Scale): Cell[] {
  const track = blank(scale.columns)
  let free = 0
  for (const { at, percent } of progress) {
    const words = `${percent}%`
    const column = Math.max(scale.column(at), free)
    if (column + words.length > scale.columns) break
    write(track, column, words, undefined)
    free = column + words.length + 1
  }
  return track
}

function axisTrack({ columns, ticks, column }: Scale, { glyphs }: Style): Cell[] {
  const track = blank(columns).map((): Cell => ({ glyph: glyphs.axis, tone: 'faint' }))
  for (const tick of ticks) track[column(tick)] = { glyph: glyphs.tick, tone: 'faint' }
  return track
}

function timeTrack({ columns, ticks, column }: Scale): Cell[] {
  const track = blank(columns)
  for (const tick of ticks) {
    const words = String(tick)
    write(track, Math.min(column(tick), columns - words.length), words, 'faint')
  }
  return track
}

function write(track: Cell[], column: number, words: string, tone: Tone | undefined): void {
  for (const [index, glyph] of Array.from(words).entries()) {
    if (column + index < track.length) track[column + index] = { glyph, tone }
  }
}

/** Neighbours of one tone share one pair of escape codes. */
function print(track: readonly Cell[], style: Style): string {
  let line = ''
  let run = ''
  let tone: Tone | undefined
  const finish = () => {
    line += tone ? style.paint(tone, run) : run
    run = ''
  }
  for (const cell of track) {
    if (cell.tone !== tone) finish()
    tone = cell.tone
    run += cell.glyph
  }
  finish()
  return line
}

function barsByLabel(bars: readonly Bar[]): [string, Bar[]][] {
  const rows = new Map<string, Bar[]>()
  for (const bar of bars) rows.set(bar.label, [...(rows.get(bar.label) ?? []), bar])
  return [...rows]
}

function endOf({ marks }: Lane): Mark['moment'] | undefined {
  return marks[marks.length - 1]?.moment
}

function fit(text: string, length: number): string {
  return text.slice(0, length).padEnd(length)
}
