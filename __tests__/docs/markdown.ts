import path from 'node:path'
import { read } from '../recipes/pages'

const prose = (text: string) => text.replace(/^---\n[^]*?\n---\n/, '').replace(/^```[^]*?^```/gm, '')

/** The levels of the headings, one after the other: their words are those of the language. */
export const headings = (text: string) => Array.from(prose(text).matchAll(/^(#+) /gm), ([, level]) => level)

/** How many columns and rows each table has. */
export function tables(text: string): [number, number][] {
  return Array.from(
    prose(text).matchAll(/^\|.*\|\n\|[ :|-]+\|\n((?:\|.*\|\n?)*)/gm),
    ([table, rows = '']) => [
      cells(table.split('\n')[0] ?? '').length,
      rows.trim() === '' ? 0 : rows.trim().split('\n').length,
    ],
  )
}

/** What stands in the first column as code and nothing else: options, members, codes. */
export function namesInTables(text: string): string[] {
  return Array.from(
    prose(text).matchAll(/^\| (`[^`|]+`(?:(?:, |、)`[^`|]+`)*) \|/gm),
    ([, cell = '']) => cell,
  ).flatMap((cell) => Array.from(cell.matchAll(/`([^`]+)`/g), ([, name = '']) => name))
}

export const cells = (row: string) =>
  row
    .replace(/^\| | \|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim())

/** A page with what it takes from another: `<!--@include: ../page.md{10,}-->` from that line on, `#name` a region of it. */
export function withIncludes(file: string): string {
  const taken = (from: string) => read(path.join(path.dirname(file), from))
  const page = read(file).replace(
    /^<!--@include: (\S+)#([\w-]+)-->$/gm,
    (_, from: string, name: string) =>
      new RegExp(`<!-- #region ${name} -->([^]*?)<!-- #endregion ${name} -->`).exec(taken(from))?.[1] ?? '',
  )
  return page.replace(/^<!--@include: (\S+)\{(\d+),\}-->$/gm, (_, from: string, line: string) =>
    taken(from)
      .split('\n')
      .slice(Number(line) - 1)
      .join('\n'),
  )
}
