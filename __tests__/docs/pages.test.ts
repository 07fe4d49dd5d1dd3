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

describe.each(pages)('%s', (page) => {
  const english = read(`docs/${page}`)
  const chinese = withIncludes(`docs/zh/${page}`)

  test('has the same headings, tables, live parts and code in both languages', () => {
    expect(headings(chinese)).toEqual(headings(english))
    expect(tables(chinese)).toEqual(tables(english))
    expect(namesInTables(chinese)).toEqual(namesInTables(english))
    expect(liveParts(chinese)).toEqual(liveParts(english))
    expect(blocks(chinese)).toEqual(blocks(english))
  })

  test.each([`docs/${page}`, `docs/zh/${page}`])('%s has no link that leads nowhere', (file) => {
    expect(deadLinks(file)).toEqual([])
  })

  test('has no code that nobody compiles', () => {
    expect(fences(english)).toBe(Object.keys(blocks(english)).length)
  })
})

const liveParts = (text: string) => Array.from(text.matchAll(/^<([A-Z]\w+)[^>]*>$/gm), ([part]) => part)
