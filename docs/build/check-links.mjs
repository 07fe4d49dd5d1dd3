// Every link, picture, script and fragment of the built pages leads somewhere: `node build/check-links.mjs <folder> <base>`.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const HERE = 'http://site.invalid'

/** What is wrong, how many links there are, and which addresses are elsewhere. */
export function checkLinks(folder, base) {
  const pages = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.html'))
  const texts = new Map(pages.map((page) => [page, readFileSync(path.join(folder, page), 'utf8')]))
  const ids = new Map(
    [...texts].map(([page, text]) => [
      page,
      new Set([...text.matchAll(/\s(?:id|name)="([^"]+)"/g)].map(([, id]) => unescaped(id))),
    ]),
  )
  const wrong = new Set()
  const elsewhere = new Set()
  const loaded = new Set()
  let count = 0
  for (const [page, text] of texts) {
    const own = new URL(base + page.replaceAll('\\', '/').replace(/(index)?\.html$/, ''), HERE)
    for (const [, tag, link] of text.matchAll(/<(\w+)[^>]*?\s(?:href|src)="([^"]*)"/g)) {
      if (/^(data|mailto|blob):/.test(link)) continue
      const url = new URL(unescaped(link), own)
      if (url.origin !== HERE) {
        elsewhere.add(url.href)
        if (tag !== 'a') loaded.add(`${page}: <${tag}> is loaded from ${url.origin}`)
        continue
      }
      count++
      const file = url.pathname.startsWith(base) ? fileOf(url.pathname.slice(base.length)) : undefined
      if (file === undefined) wrong.add(`${page}: ${link} is not there`)
      else if (url.hash.length > 1 && !ids.get(file)?.has(decodeURIComponent(url.hash.slice(1))))
        wrong.add(`${page}: ${link} has no such heading`)
    }
  }
  return { wrong: [...wrong, ...loaded], count, pages: pages.length, elsewhere: [...elsewhere] }

  /** As a server with clean addresses finds it. */
  function fileOf(address) {
    const inside = decodeURI(address)
    return [inside, `${inside}.html`, path.join(inside, 'index.html')].find((file) => {
      const full = path.join(folder, file)
      return existsSync(full) && statSync(full).isFile()
    })
  }
}

const unescaped = (text) => text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [folder = '.vitepress/dist', base = process.env.DOCS_BASE ?? '/'] = process.argv.slice(2)
  const { wrong, count, pages, elsewhere } = checkLinks(folder, base)
  for (const line of wrong) console.error(line)
  console.log(
    `${count} links of ${pages} pages, ${wrong.length} wrong; ${elsewhere.length} addresses elsewhere, not asked`,
  )
  if (wrong.length > 0) process.exitCode = 1
}
