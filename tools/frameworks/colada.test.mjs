// Pinia Colada as docs/pages.md shows it, in a realm that has the language, wx and timers, and nothing of the web. After a build.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPhone as createRealm, nothing, settled } from './phone.mjs'

const APP = `
  export * from './colada.mjs'
  export { PiniaColada, useQuery } from '@pinia/colada'
  export { createPinia } from 'pinia'
  export { createRenderer } from 'vue'`

/** A page that shows the orders is open. */
function createPhone(staleTime) {
  const phone = createRealm(APP)
  const { app, api, wx } = phone
  const pinia = app.createPinia()
  let shown
  const page = app.createRenderer(nothing).createApp({
    setup() {
      const { keyOf } = app.createQueries(api, wx, pinia)
      shown = app.useQuery({
        key: () => keyOf('orders'),
        query: ({ signal }) => api.get('/orders', {}, { signal }),
        staleTime,
      })
      return () => null
    },
  })
  // Its timer for what nobody looks at any more would keep this process for five minutes.
  page.use(pinia).use(app.PiniaColada, { queryOptions: { gcTime: false } })
  page.mount({})
  return { ...phone, page, shown: () => [shown.status.value, shown.data.value] }
}

test('it fetches, and keeps nothing of the old user for the new one', async () => {
  const { api, wire, page, shown } = createPhone(60_000)
  await settled()
  assert.deepEqual([shown(), wire.sent], [['success', 1], 1])
  wire.isHanging = true
  api.logout()
  api.setSession('another')
  await settled()
  assert.deepEqual(shown(), ['pending', undefined])
  page.unmount()
})

test('a logout aborts what is under way', async () => {
  const { api, wire, page, tell } = createPhone(0)
  await settled()
  wire.isHanging = true
  tell('show')
  await settled()
  assert.deepEqual([wire.sent, wire.aborted], [2, 0])
  api.logout()
  await settled()
  assert.equal(wire.aborted, 1)
  page.unmount()
})

test('it follows the app and the network', async () => {
  const { wire, page, shown, tell } = createPhone(0)
  await settled()
  tell('show')
  await settled()
  assert.deepEqual(shown(), ['success', 2])
  tell('network', { isConnected: false })
  tell('network', { isConnected: true })
  await settled()
  assert.deepEqual([shown(), wire.sent], [['success', 3], 3])
  page.unmount()
})
