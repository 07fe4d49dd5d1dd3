import { readdirSync } from 'node:fs'
import path from 'node:path'
import { blocks, deadLinks, fences, read } from '../recipes/pages'
import { headings, namesInTables, tables, withIncludes } from './markdown'

const root = path.join(__dirname, '../..')
const pagesIn = (folder: string) =>
  readdirSync(path.join(root, folder)).filter((file) => file.endsWith('.md'))
const pages = pagesIn('docs')

test('there are the same pages in both languages', () => {
  expect(pagesIn('docs/zh')).toEqual(pages)
  expect(pages.length).toBeGreaterThan(8)
})

test('the sidebar has all of them', () => {
  const listed = Array.from(read('docs/pages.mjs').matchAll(/^ +\['([\w-]+)', '/gm), ([, name = '']) => name)
  expect([...listed, 'index'].map((name) => `${name}.md`).sort()).toEqual([...pages].sort())
})

/** What commands write, in English: the Chinese page says what it is, and leads there. Twice would be half the time of a build. */
const REPORTS = ['mutants.md', 'seeded-bugs.md']

test.each(REPORTS)('%s is in English, and the Chinese page leads there', (page) => {
  expect(read(`docs/zh/${page}`)).toContain(`](../${page})`)
})

describe.each(pages.filter((page) => !REPORTS.includes(page)))('%s', (page) => {
  const english = withIncludes(`docs/${page}`)
  const chinese = withIncludes(`docs/zh/${page}`)

  test('has the same headings, tables, live parts and code in both languages', () => {
    expect(headings(chinese)).toEqual(headings(english))
    expect(tables(chinese)).toEqual(tables(english))
    expect(namesInTables(chinese)).toEqual(namesInTables(english))
    expect(liveParts(chinese)).toEqual(liveParts(english))
    expect(blocks(chinese)).toEqual(blocks(english))
  })

  test('has no code that nobody compiles', () => {
    const own = read(`docs/${page}`)
    expect(fences(own)).toBe(Object.keys(blocks(own)).length)
  })
})

test.each(pages.flatMap((page) => [`docs/${page}`, `docs/zh/${page}`]))(
  '%s has no link that leads nowhere',
  (file) => {
    expect(deadLinks(file)).toEqual([])
  },
)

const liveParts = (text: string) => Array.from(text.matchAll(/^<([A-Z]\w+)[^>]*>$/gm), ([part]) => part)
