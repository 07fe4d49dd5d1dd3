// What the pages show, and what the tests run: see readme.test.ts.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

const root = path.join(__dirname, '../..')

export const read = (file: string) => readFileSync(path.join(root, file), 'utf8')

/** The regions of files of this folder by name, without the indentation of where they stand. */
export function regions(...files: string[]): Record<string, string> {
  const found: Record<string, string> = {}
  const text = files.map((file) => read(`__tests__/recipes/${file}`)).join('')
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
  for (const [, name = '', code = ''] of text.matchAll(/<!-- code: (\S+) -->\n+```[jt]s\n([^]*?)```/g))
    found[name] = code
  return found
}

/** How much code a page has, whatever stands before it. */
export const fences = (text: string) => text.match(/```[jt]s$/gm)?.length ?? 0

/** What the headings of a page are called in links, as GitHub makes it of them, and what is named by hand. */
export function anchors(text: string): Set<string> {
  const prose = text.replace(/^```[^]*?^```/gm, '')
  return new Set([
    ...Array.from(prose.matchAll(/<a id="([^"]+)">/g), ([, id = '']) => id),
    ...Array.from(prose.matchAll(/^#+ (.+)$/gm), ([, title = '']) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
        .replace(/ /g, '-'),
    ),
  ])
}

/** The links of a page that lead to no file, or to no heading in it. Those to other hosts are not asked. */
export function deadLinks(file: string): string[] {
  const text = read(file)
  const targets = Array.from(
    text.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g),
    ([, link, image]) => link ?? image ?? '',
  )
  return targets.filter((target) => {
    if (/^https?:/.test(target)) return false
    const [to = '', heading] = target.split('#')
    const found = to ? path.join(path.dirname(file), to) : file
    if (!existsSync(path.join(root, found))) return true
    return heading !== undefined && !anchors(read(found)).has(decodeURIComponent(heading))
  })
}
