import type { RequestError } from '../../src'
import { failure, outcome, phone, result } from '../phone'

test('after three failed logins the next fails fast, says for how long, and force ignores it', async () => {
  const { fake, api } = phone({ login: { url: '/login', retry: 0 } })
  fake.misbehave('login', 'fail', 3)
  for (let n = 0; n < 3; n++) {
    const end = outcome(fake, api.ensureLogin())
    await fake.clock.advance(20)
    expect(await end).toMatchObject({ error: { code: 'LOGIN_FAILED' } })
  }
  const refused = api.ensureLogin().catch((error: unknown) => error as Error)
  await fake.clock.settle()
  expect(await refused).toMatchObject({
    code: 'LOGIN_COOLDOWN',
    attempts: 0,
    cause: { code: 'LOGIN_FAILED' },
  })
  expect(((await refused) as Error).message).toMatch(/in \d+ ms.*force: true/)
  expect(fake.calls.logins).toBe(3)
  expect(await result(fake, api.ensureLogin({ force: true }))).toMatchObject({ token: 'token-1' })
})

test('fresh tokens that are refused count as failed logins', async () => {
  const { fake, api } = phone()
  fake.server.refuseAll = true
  const codes: string[] = []
  for (let n = 0; n < 5; n++) {
    const end = api
      .get(`/orders/${n}`)
      .catch((error: unknown) => void codes.push((error as RequestError).code))
    await fake.clock.advance(100)
    await end
  }
  expect(codes).toContain('UNAUTHORIZED')
  expect(codes).toContain('LOGIN_COOLDOWN')
  expect(fake.calls.logins).toBeLessThanOrEqual(3)
})

test('a logout ends the pause', async () => {
  const { fake, api } = phone({ login: { url: '/login', retry: 0 } })
  fake.misbehave('login', 'fail', 3)
  for (let n = 0; n < 3; n++) await failure(fake, api.ensureLogin())
  api.logout()
  expect(await result(fake, api.get('/orders'))).toMatchObject({ ok: true })
})

test('logins that had no network bring no pause', async () => {
  const { fake, api } = phone({ login: { url: '/login', retry: 0 } })
  fake.network.offline()
  for (let n = 0; n < 5; n++) {
    const end = outcome(fake, api.get('/orders'))
    await fake.clock.advance(20)
    expect(await end).toMatchObject({ error: { code: 'LOGIN_FAILED' } })
  }
  fake.network.online()
  expect(await result(fake, api.get('/orders'))).toMatchObject({ ok: true })
})

test('a first launch without network, of which wx.login tells, is told as such', async () => {
  const { fake, api } = phone({ login: { url: '/login', retry: 0 } })
  fake.network.offline()
  expect(await failure(fake, api.get('/orders'))).toMatchObject({ code: 'LOGIN_FAILED', isOffline: true })
})
