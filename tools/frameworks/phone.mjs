// A realm that has the language, wx and timers, and nothing of the web, and an app in it.
import { createRequire } from 'node:module'
import path from 'node:path'
import vm from 'node:vm'

const root = path.resolve(import.meta.dirname, '../..')
const { buildSync } = createRequire(path.join(root, 'package.json'))('esbuild')

/** Runs what `code` exports on it. Its server counts. */
export function createPhone(code) {
  const heard = {}
  const wire = { sent: 0, aborted: 0, isHanging: false }
  const wx = {
    request({ success }) {
      wire.sent++
      if (!wire.isHanging) success({ data: wire.sent, statusCode: 200, header: {} })
      return { abort: () => void wire.aborted++ }
    },
    login: ({ success }) => success({ code: 'code' }),
    getStorageSync: () => ({ token: 'token' }),
    setStorageSync: () => undefined,
    removeStorageSync: () => undefined,
    onAppShow: (listener) => (heard.show ??= []).push(listener),
    onAppHide: (listener) => (heard.hide ??= []).push(listener),
    onNetworkStatusChange: (listener) => (heard.network ??= []).push(listener),
  }
  const context = vm.createContext({ wx, console, setTimeout, clearTimeout, setInterval, clearInterval })
  const { outputFiles } = buildSync({
    stdin: {
      contents: `${code}\nexport { createClient } from 'miniprogram-session'`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'app',
    platform: 'browser',
    target: 'es2017',
    define: {
      'process.env.NODE_ENV': '"production"',
      __VUE_OPTIONS_API__: 'true',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
  })
  vm.runInContext(`${outputFiles[0].text}\nthis.app = app`, context)
  const { app } = context
  const api = app.createClient({ platform: wx, baseURL: 'https://api.test', login: { url: '/login' } })
  const tell = (event, detail) => (heard[event] ?? []).forEach((listener) => listener(detail))
  return { app, api, wx, wire, tell, context }
}

/** What has been begun is over. */
export const settled = () => new Promise((next) => setTimeout(next, 20))

/** What Vue draws with, where there is nothing to draw on. */
export const nothing = {
  createElement: () => ({}),
  createText: () => ({}),
  createComment: () => ({}),
  insert: () => undefined,
  remove: () => undefined,
  setText: () => undefined,
  setElementText: () => undefined,
  parentNode: () => null,
  nextSibling: () => null,
  patchProp: () => undefined,
}
