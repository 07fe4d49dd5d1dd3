// TanStack Query as docs/pages.md shows it, in a realm that has the language, wx and timers, and nothing of the web. After a build.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import path from 'node:path'
import { test } from 'node:test'
import vm from 'node:vm'

const root = path.resolve(import.meta.dirname, '../..')
const { buildSync } = createRequire(path.join(root, 'package.json'))('esbuild')

function createPhone() {
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
      contents: `export * from './queries.mjs'\nexport { createClient } from 'miniprogram-session'`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'app',
    platform: 'browser',
    target: 'es2017',
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  vm.runInContext(`${outputFiles[0].text}\nthis.app = app`, context)
  const { app } = context
  const api = app.createClient({ platform: wx, baseURL: 'https://api.test', login: { url: '/login' } })
  const queries = app.createQueries(api, wx)
  const tell = (event, detail) => heard[event].forEach((listener) => listener(detail))
  const query = () => ({
    queryKey: app.keyOf(api, 'orders'),
    queryFn: ({ signal }) => api.get('/orders', {}, { signal }),
    staleTime: 60_000,
  })
  return { app, api, queries, wire, tell, query, context }
}

test('it fetches, keeps, and forgets at a logout', async () => {
  const { api, queries, wire, query, context } = createPhone()
  assert.equal(vm.runInContext('typeof window + typeof fetch', context), 'undefinedundefined')
  assert.equal(await queries.fetchQuery(query()), 1)
  assert.equal(await queries.fetchQuery(query()), 1)
  const [user] = query().queryKey
  assert.equal(user, api.session.id)
  api.logout()
  assert.equal(queries.getQueryCache().getAll().length, 0)
  api.setSession('another')
  assert.notEqual(query().queryKey[0], user)
  assert.equal(await queries.fetchQuery(query()), 2)
  assert.equal(wire.sent, 2)
  queries.clear()
})

test('cancelling aborts the request', async () => {
  const { queries, wire, query } = createPhone()
  wire.isHanging = true
  const fetching = queries.fetchQuery(query()).then(
    () => 'ok',
    () => 'cancelled',
  )
  await queries.cancelQueries()
  assert.equal(await fetching, 'cancelled')
  assert.deepEqual([wire.sent, wire.aborted], [1, 1])
  queries.clear()
})

test('it follows the app and the network', async () => {
  const { app, queries, wire, tell, query } = createPhone()
  queries.mount()
  const observer = new app.QueryObserver(queries, { ...query(), staleTime: 0 })
  const stop = observer.subscribe(() => undefined)
  const settled = () => new Promise((next) => setTimeout(next, 20))
  await settled()
  tell('hide')
  assert.equal(app.focusManager.isFocused(), false)
  tell('show')
  await settled()
  assert.equal(wire.sent, 2)
  tell('network', { isConnected: false })
  assert.equal(app.onlineManager.isOnline(), false)
  tell('network', { isConnected: true })
  await settled()
  assert.equal(wire.sent, 3)
  stop()
  queries.unmount()
  queries.clear()
})
