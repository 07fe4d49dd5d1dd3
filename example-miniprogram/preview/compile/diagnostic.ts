/** A mistake in the mini-program's sources, with the place an editor can jump to. Lines and columns count from 1. */
export interface Diagnostic {
  text: string
  file: string
  line: number
  column: number
}

/** Where `needle` first stands in `source`, or its beginning: good enough to point at a JSON key or an import. */
export function locate(source: string, needle: string): { line: number; column: number } {
  const at = Math.max(0, source.indexOf(needle))
  const before = source.slice(0, at).split('\n')
  return { line: before.length, column: (before[before.length - 1] ?? '').length + 1 }
}

/** Thrown by a compile step that cannot go on; what has been found so far is in it. */
export class CompileError extends Error {
  constructor(readonly diagnostics: Diagnostic[]) {
    super(diagnostics.map(format).join('\n'))
    this.name = 'CompileError'
  }
}

export function format({ file, line, column, text }: Diagnostic): string {
  return `${file}:${line}:${column}: ${text}`
}
