import { SourceMap, type SourceMapPayload } from 'node:module'
import path from 'node:path'

export interface Place {
  file: string
  line: number
  column: number
}

/** Where in the mini-program's sources the frames of a browser's stack stand, innermost first. */
export function placesOf(stack: string, sourceMap: string, directory: string): Place[] {
  if (!sourceMap) return []
  const map = new SourceMap(JSON.parse(sourceMap) as SourceMapPayload)
  const frames = stack.matchAll(/program\.js:(\d+):(\d+)/g)
  return [...frames].flatMap(([, line, column]) => {
    const found = map.findEntry(Number(line) - 1, Number(column) - 1)
    if (!('originalSource' in found) || found.originalSource.includes('miniprogram:')) return []
    const file = path.relative(process.cwd(), path.resolve(directory, found.originalSource))
    return [{ file, line: found.originalLine + 1, column: found.originalColumn + 1 }]
  })
}
