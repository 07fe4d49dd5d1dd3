// Dead apps are noticed: the realm is shown apps that are wrong in just that way.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { root } from '../package/pack.mjs'
import { alipay, baidu, douyin, jd, kuaishou, qq, weChat } from './phones.mjs'
import { showStartPage } from './realm.mjs'
import { quietReport } from './report.mjs'
import { playScenes, playWithoutPlatform } from './scenes.mjs'

/** Of an app with one page. */
const app = (page, code = '') => ({
  'app.json': '{ "pages": ["pages/a"] }',
  'app.js': code,
  'pages/a.js': page,
})
const shows = (code) => `Page({ onLoad() { ${code} } })`

for (const [what, files, words] of [
  ['an app that throws', app(shows(''), 'throw new Error("at the start")'), /at the start/],
  ['a page that throws', app(shows('null.x')), /Cannot read/],
  ['a page that is none', app(''), /neither Page\(\) nor Component\(\)/],
  ['an app that logs an error', app(shows('console.error("broken", { stack: "here" })')), /broken here/],
  ['what throws later', app(shows('setTimeout(() => missing(), 1)')), /missing is not defined/],
  ['a global of the web', app(shows('new URL("https://a.example")')), /URL is not defined/],
  ['a module that is not there', app('require("./b")'), /module '\.\/b' is not defined/],
  [
    'a package that was not built',
    app('require("miniprogram-session")'),
    /'miniprogram-session' is not defined/,
  ],
])
  test(`${what} is noticed`, async () => {
    await assert.rejects(showStartPage(files, { wx: {} }, 'anything'), words)
  })

test('a rejection that nobody handles is noticed', () => {
  // In a process of its own: here the test runner listens for them, too.
  const files = JSON.stringify(app(shows('Promise.reject(new Error("unheard"))')))
  const script = `
    import { showStartPage } from '${new URL('realm.mjs', import.meta.url)}'
    await showStartPage(${files}, {}, 'anything').catch((error) => console.log('noticed:', error.message))`
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  assert.match(said, /^noticed: .*unheard/)
})

test('a page that shows something else, or nothing, is given up in time', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const nothing = showStartPage(app(shows('')), {}, 'orders')
  const other = showStartPage(app(shows('this.setData({ failure: "CONFIG" })')), {}, 'orders')
  t.mock.timers.tick(10_000)
  await assert.rejects(nothing, /pages\/a does not show orders. It was given: nothing/)
  await assert.rejects(other, /It was given: \{"failure":"CONFIG"\}/)
})

test('a page made with Component() is opened too, with what its package has', async () => {
  const files = {
    ...app('const b = require("b"); Component({ methods: { onLoad() { this.setData({ b }) } } })'),
    'miniprogram_npm/b/index.js': 'module.exports = "found"',
  }
  assert.equal(await showStartPage(files, {}, 'found'), '{"b":"found"}')
})

/** An app that does by hand what the package does. */
const BY_HAND = `
  const host = 'https://api.example.com'
  let { token } = wx.getStorageSync('miniprogram-session')
  let again = []
  wx.onAppShow(() => again.splice(0).forEach((run) => run()))
  const header = () => ({ Authorization: 'Bearer ' + token })
  function logIn(then) {
    const exchange = (code) => wx.request({ url: host + '/login', method: 'POST', data: { code }, success: ({ data }) => keep(data) })
    function keep(session) {
      token = session.token
      wx.setStorageSync('miniprogram-session', session)
      then()
    }
    wx.login({ success: ({ code }) => exchange(code) })
  }
  function ask(then) {
    const success = ({ statusCode, data }) => (statusCode === 401 ? logIn(() => ask(then)) : then(data))
    if (!token) return logIn(() => ask(then))
    wx.request({ url: host + '/orders', header: header(), success, fail: () => again.push(() => ask(then)) })
  }
  function upload(then, isAgain) {
    const success = ({ statusCode, data }) =>
      statusCode === 401 && !isAgain ? logIn(() => upload(then, true)) : statusCode === 200 ? then(JSON.parse(data)) : console.error(statusCode)
    wx.uploadFile({ url: host + '/photos', filePath: 'phone://picture.jpg', name: 'photo', header: header(), success })
  }
  Page({
    onLoad() {
      ask((orders) => {
        this.setData({ orders })
        upload((photo) => this.setData({ photo }))
      })
    },
  })
`
const ALL = ['first login', 'dead token', 'second launch', 'background', 'refused upload']

async function played(page, phone = weChat()) {
  const report = quietReport()
  await playScenes({ ...report, name: 'app', project: root, files: () => app(page), phone, uploads: true })
  return report.lines
}
const failed = (lines) => lines.flatMap((line) => /^FAILED app: (.*)/.exec(line)?.[1] ?? [])

test('an app that does everything passes, and a page without an upload too', async () => {
  assert.deepEqual(
    await played(BY_HAND),
    ALL.map((scene) => `ok     app: ${scene}`),
  )
  const report = quietReport()
  const files = () => app(BY_HAND.replace('upload((photo)', ';((photo)'))
  await playScenes({ ...report, name: 'app', project: root, files, phone: weChat() })
  assert.deepEqual(report.counts, { passed: 4, failed: 0, skipped: 0 })
})

for (const [what, right, wrong, scenes] of [
  ['logs in at each launch', '{ token }', '[token] = []; const [unused]', ['dead token', 'second launch']],
  ['does not keep its session', "wx.setStorageSync('miniprogram-session', session)", '', ['second launch']],
  [
    'does not log in again',
    'logIn(() => ask(then)) : then(data)',
    'console.error(statusCode) : then(data)',
    ['dead token'],
  ],
  [
    'logs in twice',
    'success: ({ code }) => exchange',
    'success: ({ code }) => wx.login({}) || exchange',
    ALL.filter((scene) => scene !== 'second launch'),
  ],
  ['gives up in the background', '() => again.push(() => ask(then))', 'console.error', ['background']],
  ['asks twice in front', 'run())', 'run() || run())', ['background']],
  ['uploads without its token', "name: 'photo', header: header()", "name: 'photo'", ALL],
  ['uploads something else', 'picture.jpg', 'other.jpg', ALL],
  [
    'does not log in for an upload',
    'logIn(() => upload(then, true))',
    'console.error(statusCode)',
    ['refused upload'],
  ],
  ['does not show its orders', 'this.setData({ orders })', '', ALL],
])
  test(`an app that ${what} is noticed`, async () => {
    assert.deepEqual(failed(await played(BY_HAND.replace(right, wrong))), scenes)
  })

test('it is told what was sent', async () => {
  const lines = await played(BY_HAND.replace('run())', 'run() || run())'))
  assert.match(
    lines[3],
    /1 logins, and was sent: POST \/login, GET \/orders, GET \/orders, GET \/orders, POST \/photos/,
  )
})

for (const [name, phone] of Object.entries({ alipay, douyin, baidu, kuaishou, jd, qq }))
  test(`an app that is WeChat's alone is noticed on ${name}`, async () => {
    const lines = await played(BY_HAND, phone())
    assert.deepEqual(failed(lines), ALL)
    assert.match(lines[0], /wx is not defined/)
  })

test('an app and its page hear that they are hidden, and shown again', async () => {
  const listeners = {}
  const wx = {
    request() {},
    onAppHide: (listener) => (listeners.hide = listener),
    onAppShow: (listener) => (listeners.show = listener),
  }
  const heard = []
  const hears = (who) => `onHide() { note('${who} hides') }, onShow() { note('${who} shows') }`
  const files = app(
    `Page({ ${hears('page')}, onReady() { this.setData({ is: 'ready' }) } })`,
    `App({ ${hears('app')} })`,
  )
  await showStartPage(files, { wx, note: (words) => heard.push(words) }, 'ready')
  listeners.hide()
  listeners.show()
  const launched = ['app shows', 'page shows']
  assert.deepEqual(heard, [...launched, 'page hides', 'app hides', ...launched])
})

test('an app that says nothing of the platform it misses is noticed', async () => {
  const report = quietReport()
  const words = 'platform: there is no global wx here.'
  const files = () => app(shows(`this.setData({ failure: "${words}" })`))
  await playWithoutPlatform({ ...report, name: 'app', project: root, files, phone: alipay() })
  assert.deepEqual(report.lines, [`FAILED app: says what to give\n       ${words}`])
})
