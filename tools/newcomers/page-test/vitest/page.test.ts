import { beforeEach, expect, test, vi } from 'vitest'
import { openOrders, SHOWN } from '../open'

beforeEach(() => {
  vi.resetModules()
})
const load = () => import('../pages/orders/index')

test('logs in and shows its orders', async () => {
  expect(await openOrders(load)).toEqual(SHOWN)
})

test('shows its orders after the token has died', async () => {
  expect(await openOrders(load, 'dead')).toEqual(SHOWN)
})
