// Dead apps are noticed: the realm is shown apps that are wrong in just that way.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { root } from '../package/pack.mjs'
import { alipay, weChat } from './phones.mjs'
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

/** An app without the package, that does by hand what `code` says. */
const byHand = (code) =>
  app(`
    const ask = (method, url, data, success) => wx.request({ url: 'https://api.example.com' + url, method, data, success })
    Page({ onLoad() { const show = ({ data }) => this.setData(data); ${code} } })
  `)
const played = async (files, phone = weChat) => {
  const report = quietReport()
  await playScenes({ ...report, name: 'app', project: root, files: () => files, phone })
  return report.lines.join('\n')
}

test('an app that does not log in is noticed', async () => {
  const lines = await played(
    byHand("ask('GET', '/orders', {}, ({ statusCode }) => console.error(statusCode))"),
  )
  assert.match(lines, /FAILED app: first login\n +401\nFAILED app: dead token\n +401/)
})

test('an app that shows its orders after one login too many is noticed', async () => {
  const lines = await played(
    byHand(`
      const login = (then) => wx.login({ success: ({ code }) => ask('POST', '/login', { code }, ({ data }) => then(data.token)) })
      login(() => login((token) => wx.request({
        url: 'https://api.example.com/orders', method: 'GET', header: { Authorization: 'Bearer ' + token }, success: show,
      })))
    `),
  )
  assert.match(
    lines,
    /FAILED app: first login\n +2 logins, and was sent: POST \/login, POST \/login, GET \/orders/,
  )
})

test('an app that says nothing of the platform it misses is noticed', async () => {
  const report = quietReport()
  const words = 'platform: there is no global wx here.'
  const files = () => app(shows(`this.setData({ failure: "${words}" })`))
  await playWithoutPlatform({ ...report, name: 'app', project: root, files, phone: alipay('fail') })
  assert.deepEqual(report.lines, [`FAILED app: says what to give\n       ${words}`])
})

for (const refusals of ['fail', 'success'])
  test(`Alipay hands a 401 to ${refusals}, in its own words`, async () => {
    const wx = { request: ({ success }) => success({ statusCode: 401, header: { a: 'b' }, data: 'no' }) }
    const { my } = alipay(refusals)({ wx })
    const result = await new Promise((resolve) =>
      my.request({ url: '', headers: {}, [refusals]: resolve, complete() {} }),
    )
    assert.deepEqual(
      { ...result, error: undefined, errorMessage: undefined },
      {
        status: 401,
        headers: { a: 'b' },
        data: 'no',
        error: undefined,
        errorMessage: undefined,
      },
    )
    assert.equal(my.login ?? my.checkSession, undefined)
  })
