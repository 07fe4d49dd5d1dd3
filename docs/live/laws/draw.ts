import { ticks, time } from '../burst/draw'
import { DONE, type Mark, type Row, type Scene } from './picture'

/** What a scene comes to, row by row: the text beside its picture, and what the tests hold it to. */
export function summary({ rows }: Scene): string {
  return rows
    .map(({ label, spans, marks }) => {
      const told = [...spans.map(({ text }) => text), ...marks.map(({ text }) => text)].filter(Boolean)
      return `${label}: ${told.join(', ') || '-'}`
    })
    .join('; ')
}

/** A scene as HTML: it needs no script. Attributes are those that Vue knows (`role` is none), or it would not ship it as plain HTML. */
export function drawScene(scene: Scene): string {
  const span = Math.max(102, scene.end * 1.02, ...scene.rows.flatMap(({ marks }) => marks.map(roomFor)))
  const rows = scene.rows.map((row) => drawRow(row, span)).join('')
  const labels = ticks(span).map((tick) => `<span style="left:${percent(tick, span)}">${time(tick)}</span>`)
  return (
    `<figure class="live law" aria-label="${escaped(summary(scene))}">${rows}` +
    `<div class="row"><span></span><div class="axis">${labels.join('')}</div></div></figure>`
  )
}

/** ms across, so that a text of that length has room to the right of its mark, on a phone, too. */
const roomFor = ({ at, text }: Mark) => (text === DONE ? at : at / (1 - 0.03 * Math.min(20, text.length)))

function drawRow({ label, spans, marks }: Row, span: number): string {
  const bars = spans.map(({ kind, from, to = span, text }) => {
    const style = `left:${percent(from, span)};width:${percent(to - from, span)}`
    return `<i class="${kind}" style="${style}">${escaped(text)}</i>`
  })
  const signs = marks.map(({ at, text, isBad }) => {
    const kind = text === DONE ? 'done' : isBad ? 'bad' : 'said'
    return `<b class="${kind}" style="left:${percent(at, span)}">${text === DONE ? '' : escaped(text)}</b>`
  })
  return `<div class="row"><span>${escaped(label)}</span><div class="track">${bars.join('')}${signs.join('')}</div></div>`
}

const percent = (ms: number, span: number) => `${Math.round((ms / span) * 1000) / 10}%`
const escaped = (text: string) =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;').replace(/\{\{/g, '&#123;{')
