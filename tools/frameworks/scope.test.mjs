// useScope for React (Taro) and Vue (uni-app), as docs/pages.md shows them, on the real frameworks. After a build.
import assert from 'node:assert/strict'

import { test } from 'node:test'
import React from 'react'
import renderer from 'react-test-renderer'
import * as vue from 'vue'
import { nothing } from './phone.mjs'
import { useScope as useVueScope } from './use-scope-vue.mjs'
import { useScope as useReactScope } from './use-scope-react.mjs'

import { createClient } from 'miniprogram-session'

/** A client whose requests hang until they are aborted. */
function hanging() {
  const wire = { sent: 0, aborted: 0 }
  const platform = {
    request: () => (wire.sent++, { abort: () => wire.aborted++ }),
    login: () => undefined,
  }
  const api = createClient({ platform, baseURL: 'https://api.test', login: { url: '/login' }, auth: false })
  return { api, wire }
}
const codeOf = (promise) =>
  promise.then(
    () => 'ok',
    ({ code }) => code,
  )

for (const isStrict of [false, true])
  test(`React${isStrict ? ' in StrictMode' : ''}: a request of a component ends with it`, async () => {
    globalThis.IS_REACT_ACT_ENVIRONMENT = true
    const { api, wire } = hanging()
    let last
    function Page() {
      const page = useReactScope(api)
      React.useEffect(() => void (last = codeOf(page().get('/orders'))), [page])
      return null
    }
    const element = React.createElement(Page)
    let root
    renderer.act(() => {
      root = renderer.create(isStrict ? React.createElement(React.StrictMode, null, element) : element)
    })
    assert.equal(wire.sent - wire.aborted, 1)
    renderer.act(() => root.unmount())
    assert.equal(await last, 'ABORTED')
    assert.equal(wire.sent, wire.aborted)
  })

test('Vue: a request of a component ends with it', async () => {
  const { api, wire } = hanging()
  let last
  const { createApp } = vue.createRenderer(nothing)
  const app = createApp({
    setup() {
      const page = useVueScope(api)
      last = codeOf(page.get('/orders'))
      return () => null
    },
  })
  app.mount({})
  assert.deepEqual([wire.sent, wire.aborted], [1, 0])
  app.unmount()
  assert.equal(await last, 'ABORTED')
  assert.deepEqual([wire.sent, wire.aborted], [1, 1])
})
