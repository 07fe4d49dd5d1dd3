import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Compiler } from '../../compile/compile'
import { readMarkup } from '../../compile/markup'

describe('what a WXML file names:', () => {
  const names = (source: string) => {
    const { tags, handlers } = readMarkup(source)
    return [tags, handlers].map((mentions) =>
      mentions.map(({ name, line, column }) => `${name} ${line}:${column}`),
    )
  }

  it.each([
    ['tags and handlers', '<view>\n  <button bindtap="go"/></view>', ['view 1:1', 'button 2:3'], ['go 2:20']],
    [
      'every way to bind',
      `<a bind:tap="a" catchtap="b" mut-bind:tap="c" capture-catch:tap='d'/>`,
      ['a 1:1'],
      ['a 1:14', 'b 1:27', 'c 1:44', 'd 1:66'],
    ],
    ['no handler that is computed', '<a bindtap="{{on}}" bindfocus=""/>', ['a 1:1'], []],
    ['no other attribute', '<a data-bindtap="x" rebind="y" title="bindtap"/>', ['a 1:1'], []],
    ['nothing in comments', '<!-- <b bindtap="x"/> --><a/>', ['a 1:26'], []],
    ['nothing in scripts', '<wxs module="m">var t = "<b>"</wxs><a/>', ['a 1:36'], []],
    ['nothing in bindings', '<a title="{{x > 1 ? \'<b>\' : 2}}">{{y <b ? c> d : 1}}</a>', ['a 1:1'], []],
  ])('%s', (_what, source, tags, handlers) => expect(names(source)).toEqual([tags, handlers]))
})

describe('the compiler warns', () => {
  let root: string

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'preview-'))
    const filter = (file: string) => !file.endsWith('tsconfig.json')
    cpSync(path.join(__dirname, '../fixtures/tiny'), root, { recursive: true, filter })
  })
  afterEach(() => rmSync(root, { recursive: true }))

  async function warnings(): Promise<string[]> {
    const compiler = new Compiler({ root })
    const result = await compiler.compile()
    await compiler.close()
    if (!('output' in result)) throw new Error('there are mistakes')
    return result.output.warnings.map(
      ({ file, line, column, text }) => `${path.relative(root, file)}:${line}:${column} ${text}`,
    )
  }

  const edit = (file: string, from: string, to: string) =>
    writeFileSync(path.join(root, file), readFileSync(path.join(root, file), 'utf8').replace(from, to))

  it('of nothing in the fixture itself', async () => expect(await warnings()).toEqual([]))

  it('of a tag that nobody draws', async () => {
    edit('pages/mine/index.wxml', '<view', '<cavnas /><view')
    expect(await warnings()).toEqual([
      'pages/mine/index.wxml:1:1 <cavnas> is neither in "usingComponents" nor built into this preview',
    ])
  })

  it('of one in a template that a page imports, and of it once', async () => {
    edit('tmpl/item.wxml', '{{fmt', '<map />{{fmt')
    edit('pages/mine/index.wxml', '<view', '<import src="../../tmpl/item.wxml" /><view')
    expect(await warnings()).toEqual([
      expect.stringMatching(/^tmpl\/item\.wxml:2:\d+ <map> is neither/) as string,
    ])
  })
})
