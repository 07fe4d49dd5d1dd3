import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { withoutLanguageLine } from './for-github-only.mjs'
import { withLinksOfTheServer } from './links-of-the-server.mjs'

/** A page without what only a browser can use: live parts, marks for tests, links to files that are no pages. */
export function plain(source, file, docs, repository) {
  return withLinksOfTheServer(withoutLanguageLine(withIncludes(source, file)), file)
    .replace(/^---\n[^]*?\n---\n+/, '')
    .replace(/^<[A-Z]\w+[^>]* \/>\n+/gm, '')
    .replace(/^<!-- (code: .*|\/?laws|#(end)?region .*) -->\n+/gm, '')
    .replace(/\[([^\]]+)\]\(((?:\.\.\/)+[^)\s]+)\)/g, (link, text, href) => {
      const found = path.relative(docs, path.resolve(path.dirname(file), href))
      if (!found.startsWith('..')) return link
      return repository ? `[${text}](${repository}/blob/main/${found.replace(/^(\.\.\/)+/, '')})` : text
    })
    .replace(/^\n+/, '')
}

/** `<!--@include: ../page.md{9,}-->` and `<!--@include: ../page.md#region-->`, as VitePress takes them. */
const withIncludes = (text, file) =>
  text
    .replace(/^<!--@include: (\S+)#([\w-]+)-->$/gm, (_, from, name) => {
      const whole = readFileSync(path.join(path.dirname(file), from), 'utf8')
      return new RegExp(`<!-- #region ${name} -->([^]*?)<!-- #endregion ${name} -->`).exec(whole)[1].trim()
    })
    .replace(/^<!--@include: (\S+)\{(\d+),\}-->$/gm, (_, from, line) =>
      readFileSync(path.join(path.dirname(file), from), 'utf8')
        .split('\n')
        .slice(Number(line) - 1)
        .join('\n'),
    )

/** What https://llmstxt.org asks for, out of pages in the order of the sidebar: a list of them, and all in one. */
export function listOf({ title, description, base, pages }) {
  const head = `# ${title}\n\n> ${description}\n`
  const lines = (folder) =>
    pages
      .filter(({ address }) => address.startsWith('zh/') === (folder === 'zh/'))
      .map(({ address, text }) => {
        const [, name = address, paragraph = ''] = /^# (.*)\n+([^]*?)\n(?:\n|$)/.exec(text) ?? []
        return `- [${name}](${base}${address}): ${firstSentence(paragraph)}`
      })
      .join('\n')
  const english = pages.filter(({ address }) => !address.startsWith('zh/') && !isReport(address))
  return {
    list: `${head}\n## Docs\n\n${lines('')}\n\n## Optional: 中文\n\n${lines('zh/')}\n`,
    full: `${head}\n${english.map(({ text }) => text).join('\n')}`,
  }
}

const firstSentence = (paragraph) =>
  paragraph
    .replace(/\n/g, ' ')
    .replace(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replace(/^(.*?(?:[.:](?= )|。|：)).*$/, '$1')

/** What commands print, for whoever looks for it: it would be two thirds of the whole. */
const isReport = (address) => /^(mutants|seeded-bugs)\.md$/.test(address)

/** Each page as Markdown beside its HTML, llms.txt and llms-full.txt. `origin` makes the links absolute. */
export function writeForAgents({ srcDir, outDir, site }, { groups, repository, origin }) {
  const names = groups.flatMap(({ pages }) => pages.map(([name]) => name))
  const pages = ['', 'zh/'].flatMap((folder) =>
    names.map((name) => {
      const address = `${folder}${name}.md`
      const file = path.join(srcDir, address)
      return { address, text: plain(readFileSync(file, 'utf8'), file, srcDir, repository) }
    }),
  )
  mkdirSync(path.join(outDir, 'zh'), { recursive: true })
  for (const { address, text } of pages) writeFileSync(path.join(outDir, address), text)
  const { description } = site.locales.root
  const { list, full } = listOf({ title: site.title, description, base: origin + site.base, pages })
  writeFileSync(path.join(outDir, 'llms.txt'), list)
  writeFileSync(path.join(outDir, 'llms-full.txt'), full)
}
