import { readdirSync } from 'node:fs'
import path from 'node:path'
import { read } from '../recipes/pages'

interface Law {
  number: number
  title: string
  statement: string
  parts: string[]
  tests: string[]
}

/** The sections of a page whose headings are numbered. */
const lawsOf = (text: string): Law[] =>
  Array.from(
    text.matchAll(/^## (\d+)\. (.+)\n\n(.+)\n([^]*?)(?=^## )/gm),
    ([, number, title = '', statement = '', rest = '']) => ({
      number: Number(number),
      title,
      statement,
      parts: Array.from(rest.matchAll(/^<Law number="(\d+)" \/>$/gm), ([, part = '']) => part),
      tests: Array.from(rest.matchAll(/\([^)]*\/__tests__\/laws\/([^)]+)\)/g), ([, file = '']) => file),
    }),
  )

const LAWS = Array.from({ length: 20 }, (_, index) => index + 1)
const testsOf = (law: number) =>
  readdirSync(path.join(__dirname, '../laws')).filter((file) =>
    file.startsWith(`law-${String(law).padStart(2, '0')}-`),
  )

describe.each([
  ['docs/guarantees.md', 'README.md', /Twenty guarantees/],
  ['docs/zh/guarantees.md', 'README.zh-CN.md', /二十条保证/],
])('%s', (page, readme, howMany) => {
  const laws = lawsOf(read(page))

  test('promises twenty things, each in words and with a picture of its own', () => {
    expect(laws.map(({ number }) => number)).toEqual(LAWS)
    for (const { number, statement, parts } of laws) {
      expect(statement).toMatch(/[.。]$/)
      expect(parts).toEqual([String(number)])
    }
  })

  test.each(LAWS)('leads to all tests of law %i', (law) => {
    expect(laws[law - 1]?.tests).toEqual(testsOf(law))
    expect(testsOf(law).length).toBeGreaterThan(0)
  })

  test(`is where ${readme} leads, and what that says of it are its own words`, () => {
    expect(read(readme)).toMatch(howMany)
    expect(read(readme)).toContain(`](${page})`)
    const named = Array.from(read(readme).matchAll(/\[([^\]]+)\]\(([^)]+guarantees\.md)#(\d+)-/g))
    expect(named.length).toBeGreaterThan(4)
    for (const [, title, to, law] of named) {
      expect(to).toBe(page)
      expect(title).toBe(laws[Number(law) - 1]?.title)
    }
  })
})
