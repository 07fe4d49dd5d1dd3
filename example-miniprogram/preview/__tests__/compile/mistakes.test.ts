import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Compiler } from '../../compile/compile'

const TINY = path.join(__dirname, '../fixtures/tiny')

describe('a mistake is reported with its file and line:', () => {
  let root: string

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'preview-'))
    cpSync(TINY, root, { recursive: true, filter: (file) => !file.endsWith('tsconfig.json') })
  })
  afterEach(() => rmSync(root, { recursive: true }))

  async function mistakes(): Promise<string[]> {
    const compiler = new Compiler({ root })
    const result = await compiler.compile()
    await compiler.close()
    if ('output' in result) return []
    return result.diagnostics.map(({ file, line, text }) => `${path.relative(root, file)}:${line} ${text}`)
  }

  const edit = (file: string, from: string, to: string) => {
    const source = readFileSync(path.join(root, file), 'utf8')
    expect(source).toContain(from)
    writeFileSync(path.join(root, file), source.replace(from, to))
  }

  it('none in the fixture itself', async () => expect(await mistakes()).toEqual([]))

  it.each([
    [
      'WXML expression',
      'pages/home/index.wxml',
      '{{loading}}',
      '{{loading + }}',
      /^pages\/home\/index\.wxml:4 /,
    ],
    [
      'WXML tag left open',
      'pages/mine/index.wxml',
      '</view>',
      '',
      /^pages\/mine\/index\.wxml:1 missing end tag/,
    ],
    ['WXML in an imported file', 'tmpl/item.wxml', '{{id}}', '{{id', /^tmpl\/item\.wxml:2 /],
    [
      'import of no file',
      'pages/home/index.wxml',
      'tmpl/item.wxml',
      'tmpl/none.wxml',
      /^pages\/home\/index\.wxml:1 there is no file tmpl\/none\.wxml/,
    ],
    [
      'WXS of no file',
      'pages/home/index.wxml',
      'tmpl/price.wxs',
      'tmpl/none.wxs',
      /^pages\/home\/index\.wxml:2 there is no file tmpl\/none\.wxs/,
    ],
    ['TypeScript syntax', 'pages/home/index.ts', 'Page({', 'Page({{', /^pages\/home\/index\.ts:3 /],
    [
      'import of no module',
      'app.ts',
      'const log',
      "import './none'\nconst log",
      /^app\.ts:1 Could not resolve "\.\/none"/,
    ],
    ['style sheet', 'pages/home/index.wxss', 'color: rgb', 'color rgb', /^pages\/home\/index\.wxss:2 /],
    ['JSON', 'pages/mine/index.json', '"Mine"', '"Mine', /^pages\/mine\/index\.json:1 /],
    [
      'page without files',
      'app.json',
      '"pages/detail/index"]',
      '"pages/none/index"]',
      /^app\.json:2 there is no file pages\/none\/index\.ts/,
    ],
    [
      'component without files',
      'pages/home/index.json',
      'card/card',
      'card/none',
      /^pages\/home\/index\.json:4 there is no file components\/card\/none\.ts/,
    ],
    [
      'tab without a page',
      'app.json',
      '"pagePath": "pages/mine/index"',
      '"pagePath": "pages/none/index"',
      /^app\.json:\d+ tabBar page "pages\/none\/index" is not in "pages"/,
    ],
  ])('%s', async (_what, file, from, to, expected) => {
    edit(file, from, to)
    const found = await mistakes()
    expect(found.length).toBeGreaterThan(0)
    expect(found[0]).toMatch(expected)
  })

  it('and all of them at once', async () => {
    edit('pages/home/index.wxml', '{{loading}}', '{{loading + }}')
    edit('tmpl/item.wxml', '{{id}}', '{{id')
    expect(new Set((await mistakes()).map((text) => text.split(':')[0]))).toEqual(
      new Set(['pages/home/index.wxml', 'tmpl/item.wxml']),
    )
  })
})
