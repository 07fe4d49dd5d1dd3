// TanStack Query as docs/pages.md shows it, in a realm that has the language, wx and timers, and nothing of the web. After a build.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import vm from 'node:vm'
import { createPhone as createRealm, settled } from './phone.mjs'

function createPhone() {
  const phone = createRealm(`export * from './queries.mjs'`)
  const { app, api, wx } = phone
  const queries = app.createQueries(api, wx)
  const query = () => ({
    queryKey: app.keyOf(api, 'orders'),
    queryFn: ({ signal }) => api.get('/orders', {}, { signal }),
    staleTime: 60_000,
  })
  return { ...phone, queries, query }
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
