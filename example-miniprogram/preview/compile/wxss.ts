/**
 * WXSS to CSS. Only three things differ: lengths measured by the phone (rpx, 750 to its width), the classes of an isolated
 * component, and its `:host`. Line breaks stay where they are, so that the lines of messages are right.
 */
export function toCss(wxss: string, scope = ''): string {
  let css = ''
  let start = 0
  // Each turn takes what stands before the next brace or semicolon: a selector, an at-rule or a declaration.
  for (const { index, mark } of structure(wxss)) {
    const text = wxss.slice(start, index)
    css += mark === '{' && !/^\s*@/.test(blankComments(text)) ? scoped(text, scope) : rpx(text)
    css += mark
    start = index + 1
  }
  return css + rpx(wxss.slice(start))
}

/** Lengths that are measured by the phone, not by the browser's window: `20rpx` is `calc(20 * var(--rpx))`. */
export function rpx(text: string): string {
  return text.replace(/(?<![\w.#-])(-?(?:\d+\.?\d*|\.\d+))(rpx|vw|vh)\b/g, 'calc($1 * var(--$2))')
}

/** The braces and semicolons of a sheet that are not inside a comment, a string or brackets. */
function* structure(wxss: string): Generator<{ index: number; mark: string }> {
  const token =
    /\/\*[^]*?(?:\*\/|$)|"(?:\\[^]|[^"\\])*"|'(?:\\[^]|[^'\\])*'|\((?:[^()"']|"[^"]*"|'[^']*')*\)|[{};]/g
  for (const match of wxss.matchAll(token)) {
    if (match[0].length === 1) yield { index: match.index, mark: match[0] }
  }
}

function blankComments(text: string): string {
  return text.replace(/\/\*[^]*?\*\//g, '')
}

/** The engine writes an isolated component's classes as `scope--name` and marks its host with `wx-host`. */
function scoped(selector: string, scope: string): string {
  if (!scope) return selector
  return selector.replace(
    /\/\*[^]*?\*\/|:host(?:\(([^)]*)\))?|\.(?=[A-Za-z_-])/g,
    (found, inner: string | undefined) => {
      if (found.startsWith('/*')) return found
      return found === '.' ? `.${scope}--` : `[wx-host="${scope}"]${inner ?? ''}`
    },
  )
}
