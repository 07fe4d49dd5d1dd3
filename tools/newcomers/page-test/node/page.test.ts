import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { openOrders, SHOWN } from '../open'

beforeEach(() => {
  for (const name of Object.keys(require.cache)) if (/orders|api/.test(name)) delete require.cache[name]
})
const load = () => require('../pages/orders/index') as unknown

test('logs in and shows its orders', async () => {
  assert.deepEqual(await openOrders(load), SHOWN)
})

test('shows its orders after the token has died', async () => {
  assert.deepEqual(await openOrders(load, 'dead'), SHOWN)
})
