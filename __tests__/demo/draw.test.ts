import { drawLegend, drawTimeline } from '../../demo/draw'
import { styleOf, type Style } from '../../demo/style'
import type { Lane, Timeline } from '../../demo/timeline'

const plain = styleOf({}, { LANG: 'en_US.UTF-8' })
const ascii = styleOf({}, { LANG: 'C' })
const colourful = styleOf({ isTTY: true, columns: 100 }, { LANG: 'zh_CN.UTF-8', TERM: 'xterm-256color' })

const refused: Lane = {
  label: 'GET /orders',
  spans: [
    { state: 'sent', from: 0, to: 100 },
    { state: 'waiting', from: 100, to: 250 },
    { state: 'replayed', from: 250, to: 400 },
  ],
  marks: [
    { moment: 'refused', at: 100 },
    { moment: 'done', at: 400 },
  ],
  outcome: '200',
}

const timeline = (more: Partial<Timeline> = {}): Timeline => ({
  duration: 400,
  bars: [{ label: 'login', text: 'after a 401', kind: 'login', from: 100, to: 250 }],
  lanes: [refused],
  progress: [],
  ...more,
})

const draw = (style: Style, more?: Partial<Timeline>) => drawTimeline(timeline(more), style)
/** The line that begins with this label. */
const row = (lines: string[], label: string) => lines.find((line) => line.trimStart().startsWith(label)) ?? ''

test('a reader sees a 401, the wait, the replay and how it ended', () => {
  expect(row(draw(plain), 'GET /orders')).toMatch(/^ {2}GET \/orders +━+✗░+═+● +200$/)
})

test('the login is a bar that says why, above the lanes that wait for it', () => {
  const lines = draw(plain)
  const [bar, lane] = [row(lines, 'login'), row(lines, 'GET /orders')]
  expect(bar).toMatch(/█+ after a 401 █+/)
  expect(lines.indexOf(bar)).toBeLessThan(lines.indexOf(lane))
  expect(bar.indexOf('█')).toBe(lane.indexOf('✗'))
  expect(bar.lastIndexOf('█')).toBe(lane.lastIndexOf('░'))
})

test('a bar too short for its words has them behind it', () => {
  const bars = [{ label: 'login', text: 'after a 401', kind: 'login' as const, from: 100, to: 101 }]
  expect(row(draw(plain, { bars }), 'login')).toMatch(/█ after a 401$/)
})

test('the time axis has round numbers at the places they mean', () => {
  const lines = draw(plain)
  const [axis, numbers] = [lines[lines.length - 2] ?? '', lines[lines.length - 1] ?? '']
  expect(numbers.trim()).toMatch(/^ms +0 +100 +200 +300 +400$/)
  for (const time of ['0', '100', '200', '300']) expect(axis[numbers.indexOf(time)]).toBe('┴')
})

test('progress stands where it was reported, and numbers do not run into each other', () => {
  const progress = [50, 51, 100].map((percent, index) => ({ at: 10 + index, percent }))
  expect(row(draw(plain, { progress }), 'progress')).toMatch(/^ {2}progress +50% 51% 100%$/)
})

test('plain text has no escape codes and fits 80 columns', () => {
  const lines = [...draw(plain), ...drawLegend(plain)]
  expect(lines.join('')).not.toContain('\x1b')
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
})

test('without UTF-8 all is ASCII, and each state still has a shape of its own', () => {
  const lines = [...draw(ascii), ...drawLegend(ascii)]
  expect(lines.join('')).toMatch(/^[\x20-\x7e]*$/)
  expect(row(lines, 'GET /orders')).toMatch(/-+x:+=+o +200$/)
  const { bar, guide, axis, tick, dot, times, right, wrong, ...shapes } = ascii.glyphs
  expect([bar, guide, axis, tick, dot, times, right, wrong]).not.toContain('')
  expect(new Set(Object.values(shapes)).size).toBe(Object.keys(shapes).length)
})

test('a terminal gets colours and all its columns', () => {
  const lines = draw(colourful)
  expect(lines.join('')).toContain('\x1b[1;31m✗\x1b[0m')
  // eslint-disable-next-line no-control-regex -- escape codes take no room on a screen
  const widths = lines.map((line) => line.replace(/\x1b\[[\d;]*m/g, '').length)
  expect(Math.max(...widths)).toBeGreaterThan(90)
  expect(Math.max(...widths)).toBeLessThanOrEqual(100)
})

test('labels and outcomes that are too long do not push the picture aside', () => {
  const lane = { ...refused, label: `GET /${'x'.repeat(99)}`, outcome: 'LOGIN_BAD_RESPONSE' }
  for (const line of draw(plain, { lanes: [lane] })) expect(line.length).toBeLessThanOrEqual(80)
})

test('a timeline in which nothing took time can be drawn', () => {
  expect(() => draw(plain, { duration: 0, lanes: [], bars: [] })).not.toThrow()
})

test('the legend names each glyph', () => {
  const text = drawLegend(plain).join('\n')
  for (const words of ['░░ waits for the login', '✗ 401', '══ replayed', '● done', '■ failed'])
    expect(text).toContain(words)
})

describe('what an output can show', () => {
  const paints = (env: NodeJS.ProcessEnv, isTTY = true) => styleOf({ isTTY }, env).paint('done', 'x') !== 'x'

  test.each([
    ['a terminal', {}, true, true],
    ['a pipe', {}, false, false],
    ['NO_COLOR', { NO_COLOR: '1' }, true, false],
    ['an empty NO_COLOR', { NO_COLOR: '' }, true, true],
    ['FORCE_COLOR in a pipe', { FORCE_COLOR: '1' }, false, true],
    ['an empty FORCE_COLOR in a pipe', { FORCE_COLOR: '' }, false, true],
    ['FORCE_COLOR over NO_COLOR', { FORCE_COLOR: '1', NO_COLOR: '1' }, true, true],
    ['FORCE_COLOR=0', { FORCE_COLOR: '0' }, true, false],
    ['a dumb terminal', { TERM: 'dumb' }, true, false],
  ])('%s', (_name, env, isTTY, expected) => {
    expect(paints(env, isTTY)).toBe(expected)
  })

  test.each([
    [{ LC_ALL: 'C', LANG: 'en_US.UTF-8' }, false],
    [{ LC_ALL: '', LC_CTYPE: 'C.utf8' }, true],
    [{ LANG: 'en_US.UTF-8', TERM: 'linux' }, false],
    [{ WT_SESSION: '1' }, true],
    [{}, false],
  ])('Unicode with %p: %p', (env, expected) => {
    expect(styleOf({}, env).glyphs.sent === '━').toBe(expected)
  })

  test('a width that makes sense', () => {
    const width = (columns?: number) =>
      styleOf(columns ? { isTTY: true, columns } : { isTTY: true }, {}).width
    expect([width(), width(20), width(100), width(400)]).toEqual([80, 60, 100, 140])
    expect(styleOf({ columns: 200 }, {}).width).toBe(80)
  })
})
