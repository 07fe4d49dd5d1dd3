/** Something that a WXML file names, and where. Lines and columns count from 1. */
export interface Mention {
  name: string
  line: number
  column: number
}

export interface Markup {
  tags: Mention[]
  /** Methods that events are bound to, those that only a binding knows left out. */
  handlers: Mention[]
}

/** Comments, scripts and `{{…}}` in texts are skipped; a tag is its name and what stands up to its end. */
const TOKEN =
  /<!--[^]*?-->|<wxs\b(?:"[^"]*"|'[^']*'|[^"'>])*?(?:\/>|>[^]*?<\/wxs\s*>)|\{\{[^]*?\}\}|<([a-zA-Z][\w-]*)((?:"[^"]*"|'[^']*'|[^"'>])*)>/g

const HANDLER = /\s(?:capture-|mut-)?(?:bind|catch):?[a-zA-Z][\w-]*\s*=\s*(?:"([^"{}]+)"|'([^'{}]+)')/g

/** The tags and event handlers of a WXML file, in the order in which they stand there. */
export function readMarkup(source: string): Markup {
  const markup: Markup = { tags: [], handlers: [] }
  const mention = (name: string, at: number): Mention => {
    const before = source.slice(0, at).split('\n')
    return { name, line: before.length, column: (before[before.length - 1] ?? '').length + 1 }
  }
  for (const { 0: token, 1: tag, 2: attributes = '', index } of source.matchAll(TOKEN)) {
    if (tag === undefined) continue
    markup.tags.push(mention(tag, index))
    const start = index + token.length - 1 - attributes.length
    for (const found of attributes.matchAll(HANDLER)) {
      const name = found[1] ?? found[2] ?? ''
      markup.handlers.push(mention(name, start + found.index + found[0].length - name.length - 1))
    }
  }
  return markup
}
