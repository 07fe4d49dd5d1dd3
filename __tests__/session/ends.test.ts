import type { Misbehaviour } from '../../src/testing'
import { failure, KEY, phone, result } from '../phone'

test('a session ends in the very millisecond that it names', async () => {
  const { fake, api } = phone({ checkSession: false })
  const end = fake.clock.now() + 1000
  fake.storage.set(KEY, { token: fake.server.issue(), expiresAt: end })
  await fake.clock.advance(999)
  expect(await result(fake, api.get('/a'))).toMatchObject({ token: 'token-1' })
  expect(fake.clock.now()).toBeGreaterThanOrEqual(end)
  expect(await result(fake, api.get('/b'))).toMatchObject({ token: 'token-2' })
})

test('a session that ends at this moment is not sent', async () => {
  const { fake, api } = phone({ checkSession: false })
  fake.storage.set(KEY, { token: fake.server.issue(), expiresAt: fake.clock.now() })
  expect(await result(fake, api.get('/a'))).toMatchObject({ token: 'token-2' })
})

test.each<[Misbehaviour, string]>([
  ['empty', 'wx.login gave no code.'],
  ['cached', 'wx.login gave an old code from a cache.'],
])('a wx.login that does "%s" is told as such', async (behaviour, words) => {
  const { fake, api } = phone()
  fake.misbehave('login', behaviour, 2)
  expect((await failure(fake, api.ensureLogin())).message).toContain(words)
})
