// #region testing
import { createClient } from 'miniprogram-session'
import { createFakeWeChat } from 'miniprogram-session/testing'

test('the page shows its orders after the token has died', async () => {
  const fake = createFakeWeChat()
  fake.server.on(
    'GET /orders',
    fake.server.guard(() => ({ data: [{ id: 7 }] })),
  )
  fake.storage.set('miniprogram-session', { token: 'dead' })
  const api = createClient({ platform: fake.wx, baseURL: 'https://api.test', login: { url: '/login' } })

  const orders = api.get('/orders')
  await fake.clock.runAll()

  expect(await orders).toEqual([{ id: 7 }])
  expect(fake.calls.logins).toBe(1)
})
// #endregion
