import { mintCode } from 'miniprogram-session-server/testing'
import { bearer, Client } from './client.ts'

let server: Client
let token: string

beforeEach(async () => {
  server = await Client.start()
  token = await server.login('alice')
})
afterEach(() => server.close())

const trouble = (url: string, headers: Record<string, string>) =>
  server.send({ method: 'GET', url, headers: { ...bearer(token), ...headers } })

describe('a client in development may ask for', () => {
  test('any failure, also of the login, before anything has been done', async () => {
    const busy = await trouble('/me', { 'x-dev-status': '503', 'x-dev-retry-after': '2' })
    expect([busy.statusCode, busy.headers['retry-after']]).toEqual([503, '2'])
    expect(busy.body).toMatchObject({ error: { code: 'DEV_TROUBLE' } })
    const code = mintCode('bob', server.clock())
    const login = { method: 'POST', url: '/login', payload: { code } } as const
    expect((await server.send({ ...login, headers: { 'x-dev-status': '500' } })).statusCode).toBe(500)
    // The code is as good as it was.
    expect((await server.send(login)).statusCode).toBe(200)
  })

  test.each(['200', '0', '-1', 'x', ''])('no failure by a status of "%s"', async (status) => {
    expect((await trouble('/me', { 'x-dev-status': status })).statusCode).toBe(200)
  })

  test('200 with what happened in the body', async () => {
    const envelope = { 'x-dev-envelope': '1' }
    const good = await trouble('/me', envelope)
    expect(good.body).toMatchObject({ code: 0, message: 'ok', data: { nickname: '微信用户' } })
    await server.post('/dev/expire', { me: true }, token)
    const refused = await trouble('/me', envelope)
    expect([refused.statusCode, refused.body['code'], refused.body['data']]).toEqual([200, 401, null])
    expect((await server.get('/dev/stats')).body['unauthorized']).toBe(1)
  })
})

describe('a login with a refresh token', () => {
  const logIn = () => server.post('/dev/login', { code: mintCode('alice', server.clock()) })

  test('brings a session that a refresh follows, without a code', async () => {
    const { body } = await logIn()
    await server.post('/dev/expire', { me: true }, String(body['token']))
    const refreshed = await server.post('/dev/refresh', { refreshToken: body['refreshToken'] })
    expect(refreshed.statusCode).toBe(200)
    expect((await server.get('/me', String(refreshed.body['token']))).statusCode).toBe(200)
    // alice's first login, and the one here.
    expect((await server.get('/dev/stats')).body['codes']).toBe(2)
  })

  test('has refresh tokens that work once', async () => {
    const { refreshToken } = (await logIn()).body
    const [first, second] = [
      await server.post('/dev/refresh', { refreshToken }),
      await server.post('/dev/refresh', { refreshToken }),
    ]
    expect([first.statusCode, second.statusCode]).toEqual([200, 401])
    expect((await server.post('/dev/refresh', { refreshToken: 'guessed' })).statusCode).toBe(401)
  })
})

test('sessions can be killed for one user or for the caller alone', async () => {
  const bob = await server.login('bob')
  await server.post('/dev/expire', { user: 'alice' })
  expect((await server.get('/me', token)).statusCode).toBe(401)
  expect((await server.get('/me', bob)).statusCode).toBe(200)
  await server.post('/dev/expire', { me: true }, bob)
  expect((await server.get('/me', bob)).statusCode).toBe(401)
})

test('the server counts logins, codes and refusals', async () => {
  await server.exchange('nonsense')
  await server.get('/me', 'dead')
  await server.get('/me', token)
  const { body } = await server.get('/dev/stats')
  expect(body).toEqual({ requests: 4, logins: 1, codes: 2, codesRefused: 1, unauthorized: 1 })
})

test('the code of DevTools without an appid works, so that a newcomer gets going', async () => {
  expect((await server.exchange('the code is a mock one')).statusCode).toBe(200)
})
