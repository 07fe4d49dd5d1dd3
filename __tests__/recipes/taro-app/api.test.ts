// The package is not installed here.
jest.mock('@tarojs/taro', () => ({}), { virtual: true })

// #region testing-taro
import { createFakeTaro, type FakeTaroApp } from 'miniprogram-session/testing'
import type * as App from './api'

let fake: FakeTaroApp
let app: typeof App

beforeEach(async () => {
  fake = createFakeTaro({ target: 'alipay' })
  jest.resetModules()
  jest.doMock('@tarojs/taro', () => ({ __esModule: true, default: fake.Taro }))
  app = await import('./api')
})

test('whoever refuses Alipay is asked for a tap, and then there are orders', async () => {
  fake.server.on(
    'GET /orders',
    fake.server.guard(() => ({ data: [{ id: 7 }] })),
  )
  fake.user = 'refuses'
  const refused = expect(app.api.get('/orders')).rejects.toMatchObject({ code: 'LOGIN_REQUIRED' })
  await fake.clock.runAll()
  await refused

  fake.user = 'agrees'
  const orders = app.api.ensureLogin().then(() => app.api.get('/orders'))
  await fake.clock.runAll()
  expect(await orders).toEqual([{ id: 7 }])
})
// #endregion
