import { element } from '../frame/element'
import type { ServerMessage } from '../../protocol'
import type { ServerLine } from './line'

type Diagnostic = Extract<ServerMessage, { type: 'broken' }>['diagnostics'][number]

/** Shows what is wrong over everything, with file and line. */
export class Overlay {
  #shown: HTMLElement | undefined

  show(title: string, problems: Diagnostic[]): void {
    this.hide()
    const close = element('button', { 'aria-label': '关闭' }, '×')
    close.addEventListener('click', () => this.hide())
    const items = problems.map(({ text, file, line, column }) =>
      element('li', {}, element('strong', {}, text), element('code', {}, `${file}:${line}:${column}`)),
    )
    const box = element(
      'div',
      { id: 'overlay', role: 'alert' },
      close,
      element('h2', {}, title),
      element('ol', {}, ...items),
    )
    document.body.append(box)
    this.#shown = box
  }

  hide(): void {
    this.#shown?.remove()
    this.#shown = undefined
  }
}

type Place = Omit<Diagnostic, 'text'>

const UNKNOWN: Place = { file: 'preview', line: 1, column: 1 }

/** The server has the source map. */
async function placesOf(stack: string): Promise<Place[]> {
  const answer = await fetch('/__preview/where', { method: 'POST', body: stack })
  return (await answer.json()) as Place[]
}

/** Shows errors that nothing caught, at the place in the source they came from. */
export function watchErrors(overlay: Overlay): void {
  const report = (error: unknown): void => {
    const { message, stack } = describe(error)
    const show = ([first = UNKNOWN]: Place[]) => overlay.show('运行时错误', [{ text: message, ...first }])
    placesOf(stack).then(show, () => show([]))
  }
  addEventListener('error', ({ error, message }) => report(error ?? message))
  addEventListener('unhandledrejection', ({ reason }) => report(reason))
}

/** WeChat rejects with objects that carry `errMsg`. */
function describe(error: unknown): { message: string; stack: string } {
  if (error instanceof Error) return { message: `${error.name}: ${error.message}`, stack: error.stack ?? '' }
  const { errMsg } = (error ?? {}) as { errMsg?: unknown }
  return { message: typeof errMsg === 'string' ? errMsg : String(error), stack: '' }
}

/** Set by program.js, which is absent while the preview's server is away. */
declare const PREVIEW_BUILD: string

/** Reloads when there is a newer build than the one that runs; shows the mistakes of one that failed. */
export function watchBuilds(line: ServerLine, overlay: Overlay): void {
  line.on('built', ({ build }) => {
    if (typeof PREVIEW_BUILD === 'undefined' || build !== PREVIEW_BUILD) location.reload()
  })
  line.on('broken', ({ diagnostics }) => overlay.show('编译失败', diagnostics))
}
