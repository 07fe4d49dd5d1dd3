import type { Moment, State } from './timeline'

export type Tone = State | Moment | 'login' | 'outage' | 'faint' | 'strong'

/** How to write on this output. */
export interface Style {
  width: number
  glyphs: Glyphs
  /** Colours a text; where there are no colours it comes back as it is. */
  paint: (tone: Tone, text: string) => string
}

export interface Glyphs extends Record<State | Moment, string> {
  bar: string
  guide: string
  axis: string
  tick: string
  dot: string
  times: string
  right: string
  wrong: string
}

/** Told apart by their shapes, so that nothing is lost without colours. */
const UNICODE: Glyphs = {
  waiting: '░',
  queued: '·',
  sent: '━',
  replayed: '═',
  paused: '╌',
  retried: '─',
  refused: '✗',
  lost: '┤',
  done: '●',
  failed: '■',
  bar: '█',
  guide: '┊',
  axis: '─',
  tick: '┴',
  dot: '·',
  times: '×',
  right: '✔',
  wrong: '✘',
}

const ASCII: Glyphs = {
  waiting: ':',
  queued: '.',
  sent: '-',
  replayed: '=',
  paused: '_',
  retried: '~',
  refused: 'x',
  lost: '|',
  done: 'o',
  failed: '!',
  bar: '#',
  guide: ' ',
  axis: '-',
  tick: '+',
  dot: '-',
  times: 'x',
  right: 'ok:',
  wrong: 'WRONG:',
}

/** The sixteen colours that every terminal has, and that each user has chosen for dark or light. */
const CODES: Record<Tone, string> = {
  waiting: '33',
  queued: '90',
  sent: '36',
  replayed: '35',
  paused: '90',
  retried: '34',
  refused: '1;31',
  lost: '1;31',
  done: '1;32',
  failed: '1;31',
  login: '30;43',
  outage: '97;41',
  faint: '90',
  strong: '1',
}

const MOST_COLUMNS = 140
const FEWEST_COLUMNS = 60

/** What this output can show: a terminal its colours and its width, anything else plain text for 80 columns. */
export function styleOf(output: { isTTY?: boolean; columns?: number }, env: NodeJS.ProcessEnv): Style {
  const isColoured = wantsColour(output.isTTY === true, env)
  const columns = (output.isTTY ? output.columns : undefined) ?? 80
  return {
    width: Math.max(FEWEST_COLUMNS, Math.min(MOST_COLUMNS, columns)),
    glyphs: speaksUnicode(env) ? UNICODE : ASCII,
    paint: (tone, text) => (isColoured && text ? `\x1b[${CODES[tone]}m${text}\x1b[0m` : text),
  }
}

/** https://no-color.org, and FORCE_COLOR as Node reads it: it wins over NO_COLOR. */
function wantsColour(isTerminal: boolean, env: NodeJS.ProcessEnv): boolean {
  const force = env['FORCE_COLOR']
  if (force !== undefined) return force !== '0' && force !== 'false'
  return isTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
}

/** The first of these that is set counts (POSIX, environment variables). The Linux console has too few glyphs. */
function speaksUnicode(env: NodeJS.ProcessEnv): boolean {
  if (env['TERM'] === 'linux') return false
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || ''
  return /utf-?8/i.test(locale) || env['WT_SESSION'] !== undefined
}
