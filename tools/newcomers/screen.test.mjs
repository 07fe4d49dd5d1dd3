// A screen that lies is noticed: it is shown pages as Taro builds them, by hand.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTree, openScreen } from './screen.mjs'

const NODES = `{ 'root.cn': [{ sid: 'card', cn: [{ sid: 'button', cn: [{ sid: 'words', v: '下单 龙井茶' }] }] }] }`

/** A page whose methods are `code`, on a phone without time. */
function open(code, options = {}) {
  const files = {
    'app.json': '{ "pages": ["pages/a", "pages/b"] }',
    'app.js': '',
    'pages/a.js': `Page({ ${code} })`,
    'pages/b.js': `Page({ onLoad() { this.setData({ 'root.cn': [{ v: 'second' }] }) } })`,
  }
  let advanced = 0
  const fake = { clock: { advance: (ms) => Promise.resolve((advanced += ms)) } }
  const globals = options.globals ?? {}
  const screen = openScreen({ files, fake, patience: 0, ...options, globals })
  return { ...screen, passed: () => advanced }
}

test('changes go where their path says', () => {
  const tree = createTree()
  tree.change({ 'root.cn': [{ v: 'one' }, { cn: [{ v: 'two' }] }] })
  tree.change({ 'root.cn.[1].cn.[0].v': 'three' })
  assert.match(tree.text(), /one.*three/)
  assert.doesNotMatch(tree.text(), /two/)
})

test('a tap goes to what has the words, and to all that is around it', async (t) => {
  const taps = []
  const globals = { note: ({ type, currentTarget }) => taps.push(`${type} ${currentTarget.dataset.sid}`) }
  const screen = open(`onLoad() { this.setData(${NODES}) }, eh: note`, { globals })
  t.after(screen.close)
  await screen.tap('下单')
  assert.deepEqual(taps, ['tap button', 'tap card'])
  await assert.rejects(screen.tap('付款'), /付款: it never came. On the screen: .*龙井茶/)
})

test('what is no words cannot be tapped', async (t) => {
  const screen = open(`onLoad() { this.setData({ 'root.cn': [{ sid: 'a', src: 'cat.png' }] }) }, eh() {}`)
  t.after(screen.close)
  await screen.shows('cat.png')
  await assert.rejects(screen.tap('cat.png'), /nothing to tap on has the words cat\.png/)
})

test('time passes while somebody waits, and only then', async (t) => {
  const screen = open('', { patience: 10_000 })
  t.after(screen.close)
  await screen.until(() => true, 'nothing')
  assert.equal(screen.passed(), 0)
  await screen.until(() => screen.passed() > 200, 'the time')
})

test('a page that throws later, or logs an error, ends the waiting', async (t) => {
  for (const [code, words] of [
    ['setTimeout(() => { throw new Error("late") }, 0)', /late/],
    ['console.error("logged")', /logged/],
  ]) {
    const screen = open(`onLoad() { ${code} }`, { patience: 10_000 })
    t.after(screen.close)
    await assert.rejects(screen.shows('anything'), words)
  }
})

test('the app can be opened at another page, and its page can be left and pulled down', async (t) => {
  const second = open('', { start: 'pages/b' })
  t.after(second.close)
  await second.shows('second')
  const heard = []
  const globals = { note: (words) => heard.push(words) }
  const first = open(`onPullDownRefresh() { note('down') }, onUnload() { note('left') }`, { globals })
  t.after(first.close)
  first.pullDown()
  first.leave()
  assert.deepEqual(heard, ['down', 'left'])
})
