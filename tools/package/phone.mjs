import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import vm from 'node:vm'
import * as acorn from 'acorn-of-wechat'
import { Linter } from 'eslint'
import { ON_PHONES } from './files.mjs'

const require = createRequire(import.meta.url)

/** What a phone has, beyond the language itself, of what this package uses. */
const GLOBALS = ['wx', 'console', 'setTimeout', 'clearTimeout', 'module', 'exports', 'require']

/** The files that WeChat takes: the folder it copies, and `main`, which its packer parses. */
export const PHONE_FILES = ['index', 'wrapper', ...ON_PHONES].flatMap((name) => [
  `miniprogram_dist/${name}.js`,
  `dist/${name}.js`,
])

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

/** It reads no name that phones lack (no `require`, no helper, nothing of the web), and it is ES2017. */
export function checkNames(folder) {
  const code = readFileSync(path.join(folder, 'miniprogram_dist/index.js'), 'utf8')
  const messages = new Linter().verify(code, {
    languageOptions: {
      ecmaVersion: 2017,
      sourceType: 'script',
      globals: Object.fromEntries(GLOBALS.map((name) => [name, 'readonly'])),
    },
    rules: { 'no-undef': ['error', { typeof: true }] },
  })
  return messages.map(({ line, message }) => `miniprogram_dist/index.js:${line}: ${message}`)
}

/** Twenty requests with a dead token, where there is nothing but the language and what a phone adds. */
export async function checkBurst(folder) {
  const { createFakeWeChat, realClock } = require(path.join(folder, 'dist/testing.js'))
  const fake = createFakeWeChat({ clock: realClock, latency: 1, loginLatency: 1, checkLatency: 1 })
  fake.storage.set('miniprogram-session', { token: 'dead' })
  const wx = { ...fake.wx, clock: undefined }
  try {
    const { createClient } = load(path.join(folder, 'miniprogram_dist/index.js'), wx)
    const api = createClient({ baseURL: 'https://api.test', login: { url: '/login' } })
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => api.get('/orders', { page: i })))
    const good = answers.filter(({ ok }) => ok).length
    const { logins } = fake.calls
    return good === 20 && logins === 1 ? [] : [`20 requests: ${good} answered after ${logins} logins`]
  } catch (error) {
    return [`20 requests: ${error}`]
  }
}

function load(file, wx) {
  const context = vm.createContext({ wx, console, setTimeout, clearTimeout })
  const module = { exports: {} }
  const wrapped = `(function (module, exports) {${readFileSync(file, 'utf8')}\n})`
  vm.runInContext(wrapped, context, { filename: file })(module, module.exports)
  return module.exports
}
