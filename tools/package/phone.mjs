import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import vm from 'node:vm'
import * as acorn from 'acorn-of-wechat'
import { Linter } from 'eslint'
import { FILES } from './files.mjs'

const require = createRequire(import.meta.url)

/** What a phone has, beyond the language itself, of what this package uses; and `process`, which compilers of frameworks replace, and without which code goes on. */
const GLOBALS = ['wx', 'process', 'console', 'setTimeout', 'clearTimeout', 'module', 'exports']
/** And what an adapter's own platform has. */
const OWN_GLOBALS = { douyin: ['tt'], kuaishou: ['ks'], jd: ['jd'] }

/** The files that WeChat takes: the folder it copies, and `main`, which its packer parses. */
const COPIED = FILES.map((name) => `miniprogram_dist/${name}.js`)
export const PHONE_FILES = [...COPIED, ...FILES.map((name) => `dist/${name}.js`)]
export const MODULES = [...FILES, 'testing'].map((name) => `dist/${name}.mjs`)

/** Each once, and nothing else: a second copy of the core would have clients of its own. */
const REQUIRED = new RegExp(`require\\("\\./(${FILES.join('|')})\\.js"\\)(?!.*"\\./\\1\\.js"\\))`, 'gs')

/** WeChat's packer (miniprogram-ci) parses with acorn 6 at its default, ES2018. */
export function checkPacker(folder) {
  return PHONE_FILES.flatMap((file) => {
    try {
      acorn.parse(readFileSync(path.join(folder, file), 'utf8'), { ecmaVersion: 9, sourceType: 'module' })
      return []
    } catch (error) {
      return [`${file}: ${error.message}`]
    }
  })
}

/** It reads no name that phones lack (no helper, nothing of the web), and it is ES2017. Entries require the core, which requires nothing. */
export function checkNames(folder) {
  return COPIED.flatMap((file) => namesIn(folder, file))
}

function namesIn(folder, file) {
  const code = readFileSync(path.join(folder, file), 'utf8').replace(REQUIRED, '0')
  const globals = GLOBALS.concat(OWN_GLOBALS[path.basename(file, '.js')] ?? [])
  const messages = new Linter().verify(code, {
    languageOptions: {
      ecmaVersion: 2017,
      sourceType: 'script',
      globals: Object.fromEntries(globals.map((name) => [name, 'readonly'])),
    },
    rules: { 'no-undef': ['error', { typeof: true }] },
  })
  return messages.map(({ line, message }) => `${file}:${line}: ${message}`)
}

/** Twenty requests with a dead token, where there is nothing but the language and what a phone adds. */
export async function checkBurst(folder) {
  const { createFakeWeChat, realClock } = require(path.join(folder, 'dist/testing.js'))
  const fake = createFakeWeChat({ clock: realClock, latency: 1, loginLatency: 1, checkLatency: 1 })
  fake.storage.set('miniprogram-session', { token: 'dead' })
  const wx = { ...fake.wx, clock: undefined }
  try {
    const { createClient } = load(path.join(folder, 'miniprogram_dist/index.js'), contextOf(wx))
    const api = createClient({ baseURL: 'https://api.test', login: { url: '/login' } })
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => api.get('/orders', { page: i })))
    const good = answers.filter(({ ok }) => ok).length
    const { logins } = fake.calls
    return good === 20 && logins === 1 ? [] : [`20 requests: ${good} answered after ${logins} logins`]
  } catch (error) {
    return [`20 requests: ${error}`]
  }
}

/** A stream of events to its end, in a realm that has no symbol for it: there compilers look for a name. */
export async function checkStream(folder) {
  const { createFakeWeChat, realClock } = require(path.join(folder, 'dist/testing.js'))
  const chunks = ['data: a\n\nda', 'ta: 咖啡\n\n']
  const server = () => ({ header: { 'content-type': 'text/event-stream' }, chunks })
  const fake = createFakeWeChat({ clock: realClock, latency: 1, server })
  const context = contextOf({ ...fake.wx, clock: undefined })
  const withoutIt =
    'Symbol = ((All) => Object.assign((name) => All(name), { iterator: All.iterator }))(Symbol)'
  vm.runInContext(withoutIt, context)
  const core = load(path.join(folder, 'miniprogram_dist/index.js'), context)
  const { streamEvents } = load(path.join(folder, 'miniprogram_dist/stream.js'), context, () => core)
  const api = core.createClient({ baseURL: 'https://api.test', login: { url: '/login' } })
  const stream = streamEvents(api, { url: '/chat', auth: false })
  const told = []
  try {
    const iterator = stream['@@asyncIterator']()
    for (let next = await iterator.next(); !next.done; next = await iterator.next())
      told.push(next.value.data)
  } catch (error) {
    told.push(String(error))
  }
  return told.join() === 'a,咖啡' ? [] : [`a stream of two events: ${told.join()}`]
}

const contextOf = (wx) => vm.createContext({ wx, console, setTimeout, clearTimeout })

function load(file, context, require) {
  const module = { exports: {} }
  const wrapped = `(function (module, exports, require) {${readFileSync(file, 'utf8')}\n})`
  vm.runInContext(wrapped, context, { filename: file })(module, module.exports, require)
  return module.exports
}
