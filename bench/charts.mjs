/** Charts as plain SVG, for light and dark pages. */
import { OURS, titleOf } from './catalogue.mjs'
import { SCENARIOS } from './scenarios.mjs'
import { verdict } from './verdict.mjs'

const WIDTH = 960
const LABELS = 220
const STYLE = `
  text { font: 13px system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; fill: #1f2328 }
  .title { font-size: 16px; font-weight: 600 }
  .faint { fill: #59636e }
  .ours { font-weight: 600 }
  .cell { font-size: 12px; text-anchor: middle; fill: #ffffff }
  .head { text-anchor: middle }
  .end { text-anchor: end }
  .grid { stroke: #d1d9e0; stroke-width: 1 }
  .bar { fill: #8c959f } .bar.ours { fill: #1a7f37 }
  .line { fill: none; stroke: #8c959f; stroke-width: 1.5 } .line.ours { stroke: #1a7f37; stroke-width: 3 }
  .right { fill: #1a7f37 } .costly { fill: #9a6700 } .broken { fill: #cf222e } .none { fill: #59636e }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .faint { fill: #9198a1 }
    .cell { fill: #ffffff }
    .grid { stroke: #3d444d }
    .bar { fill: #656c76 } .bar.ours { fill: #3fb950 }
    .line { stroke: #656c76 } .line.ours { stroke: #3fb950 }
    .right { fill: #238636 } .costly { fill: #845306 } .broken { fill: #b62324 } .none { fill: #3d444d }
  }`

/** Name and SVG of each chart. */
export function charts(measured) {
  return [
    ['scenarios', scenarios(measured)],
    [
      'cpu',
      bars(
        measured,
        'CPU time per request, as a multiple of a bare wrapper around wx.request (logarithmic)',
        logarithmic,
        ({ cpu }) => cpu.ratio,
        (ratio) => `${ratio < 10 ? ratio.toFixed(1) : Math.round(ratio)}×`,
      ),
    ],
    [
      'bytes',
      bars(
        measured,
        'What a mini-program ships, bytes minified and gzipped',
        linear,
        ({ gzipped }) => gzipped,
        (bytes) => bytes.toLocaleString('en'),
      ),
    ],
    ['waiting', waiting(measured)],
  ]
}

/** A row for each package, a column for each scenario, and in a word what came of it. */
function scenarios(measured) {
  const column = (WIDTH - LABELS) / SCENARIOS.length
  const rowHeight = 34
  const top = 96
  const parts = [text(0, 18, 'title', 'What becomes of the requests')]
  SCENARIOS.forEach(({ name }, index) => {
    const words = name.split(' ')
    const middle = LABELS + column * (index + 0.5)
    words.forEach((word, line) =>
      parts.push(text(middle, top - 12 - 16 * (words.length - 1 - line), 'head faint', word)),
    )
  })
  measured.forEach((one, row) => {
    const y = top + row * rowHeight
    parts.push(text(0, y + 21, classOf(one), titleOf(one.peer)))
    SCENARIOS.forEach((scenario, index) => {
      const { kind, words } = verdict(scenario, one.scenarios[scenario.name])
      const x = LABELS + column * index
      parts.push(
        `<rect class="${kind}" x="${x + 1}" y="${y + 1}" width="${column - 2}" height="${rowHeight - 2}" rx="4"/>`,
      )
      parts.push(text(x + column / 2, y + 21, 'cell', words))
    })
  })
  return svg(
    top + measured.length * rowHeight,
    parts,
    'What becomes of the requests, by package and scenario',
  )
}

const linear = (most) => (value) => value / most
/** From a half, so that one has a bar too. */
const logarithmic = (most) => (value) => Math.log(2 * value) / Math.log(2 * most)

function bars(measured, title, scaleTo, valueOf, show) {
  const rowHeight = 28
  const top = 34
  const room = WIDTH - LABELS - 80
  const shareOf = scaleTo(Math.max(...measured.map(valueOf)))
  const parts = [text(0, 18, 'title', title)]
  const rows = [...measured].sort((one, other) => valueOf(one) - valueOf(other))
  rows.forEach((one, row) => {
    const y = top + row * rowHeight
    const length = round(room * shareOf(valueOf(one)))
    parts.push(text(0, y + 18, classOf(one), titleOf(one.peer)))
    parts.push(
      `<rect class="bar ${classOf(one)}" x="${LABELS}" y="${y + 4}" width="${length}" height="${rowHeight - 8}" rx="3"/>`,
    )
    parts.push(text(LABELS + length + 8, y + 18, classOf(one), show(valueOf(one))))
  })
  return svg(top + rows.length * rowHeight, parts, title)
}

/** Milliseconds in all, over the size of the crowd, both logarithmic. */
function waiting(measured) {
  const title = 'CPU time for requests that wait for one login, ms in all (logarithmic)'
  const [left, right, top, bottom] = [60, 250, 44, 360]
  const points = measured.flatMap((one) => one.waiting)
  const totals = points.map(total)
  const crowds = measured[0].waiting.map(({ crowd }) => crowd)
  const x = scale(Math.min(...crowds), Math.max(...crowds), left, WIDTH - right)
  const [least, most] = [
    10 ** Math.floor(Math.log10(Math.min(...totals))),
    10 ** Math.ceil(Math.log10(Math.max(...totals))),
  ]
  const y = scale(least, most, bottom, top)
  const parts = [text(0, 18, 'title', title)]
  for (let tick = least; tick <= most * 1.01; tick *= 10) {
    const at = y(tick)
    parts.push(`<line class="grid" x1="${left}" x2="${WIDTH - right}" y1="${at}" y2="${at}"/>`)
    parts.push(text(left - 8, at + 4, 'end faint', tick.toLocaleString('en')))
  }
  for (const crowd of crowds)
    parts.push(text(x(crowd), bottom + 22, 'head faint', crowd.toLocaleString('en')))
  parts.push(text((left + WIDTH - right) / 2, bottom + 44, 'head faint', 'requests'))
  for (const one of measured) {
    const line = one.waiting.map((point) => `${x(point.crowd).toFixed(1)},${y(total(point)).toFixed(1)}`)
    parts.push(`<polyline class="line ${classOf(one)}" points="${line.join(' ')}"/>`)
  }
  parts.push(...endLabels(measured, WIDTH - right + 10, (one) => y(total(one.waiting.at(-1)))))
  return svg(bottom + 52, parts, title)
}

/** Names at the ends of their lines, moved apart where they would cover each other. */
function endLabels(measured, x, endOf) {
  let free = 0
  return [...measured]
    .sort((one, other) => endOf(one) - endOf(other))
    .map((one) => {
      const y = Math.max(endOf(one) + 4, free)
      free = y + 17
      return text(x, y, classOf(one), titleOf(one.peer))
    })
}

const total = ({ crowd, micros }) => (crowd * micros) / 1_000

function scale(from, to, start, end) {
  return (value) => start + ((end - start) * Math.log(value / from)) / Math.log(to / from)
}

const classOf = (one) => (one.name === OURS ? 'ours' : '')

function text(x, y, className, words) {
  const escaped = String(words).replace(/&/g, '&amp;').replace(/</g, '&lt;')
  return `<text x="${round(x)}" y="${round(y)}" class="${className}">${escaped}</text>`
}

const round = (number) => Math.round(10 * number) / 10

function svg(height, parts, title) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height + 8}" role="img" aria-label="${title}">
<style>${STYLE}
</style>
${parts.join('\n')}
</svg>
`
}
