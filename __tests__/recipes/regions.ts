import { readFileSync } from 'node:fs'

export const read = (file: string) => readFileSync(`${__dirname}/${file}`, 'utf8')

/** The regions of a file by name, without the indentation of where they stand. */
export function regions(text: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [, indent = '', name = '', code = ''] of text.matchAll(
    /^( *)\/\/ #region (\S+)\n([^]*?)^ *\/\/ #endregion$/gm,
  )) {
    found[name] = code
      .split('\n')
      .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
      .join('\n')
  }
  return found
}

/** The code blocks of a page that follow `<!-- code: name -->`. */
export function blocks(text: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [, name = '', code = ''] of text.matchAll(/<!-- code: (\S+) -->\n+```ts\n([^]*?)```/g))
    found[name] = code
  return found
}
