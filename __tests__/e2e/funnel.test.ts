import { createClient } from '../../src'
import { caught, countFrom, pages, phone, until, useBackend, usual } from './world'

const backend = useBackend()

/** A phone whose token the server has forgotten. */
async function withDeadToken(options = {}) {
  const made = phone(backend().address, options)
  await made.api.ensureLogin()
  await backend().expire()
  made.fake.calls.reset()
  return { ...made, counts: await countFrom(backend()) }
}

test('fifty first requests cost one login, on the own count of the server', async () => {
  const { api, fake } = phone(backend().address)
  const counts = await countFrom(backend())
  const answers = await Promise.all(pages(api, 50))
  expect(answers.map(({ page }) => page)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1))
  expect(await counts()).toEqual({ requests: 51, logins: 1, codes: 1, codesRefused: 0, unauthorized: 0 })
  expect(fake.calls.logins).toBe(1)
})

test('fifty requests with a dead token come back after one login', async () => {
  const { api, fake, counts } = await withDeadToken()
  const answers = await Promise.all(pages(api, 50))
  expect(answers.map(({ page }) => page)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1))
  // Nine lanes were full of the dead token; the other forty-one requests never left with it.
  expect(await counts()).toEqual({ requests: 60, logins: 1, codes: 1, codesRefused: 0, unauthorized: 9 })
  expect(fake.calls).toMatchObject({ logins: 1, requestCount: 60 })
})

test('a 401 that comes after the login is replayed without another', async () => {
  const { api, fake, counts } = await withDeadToken()
  const slow = api.get('/me', {}, { header: { 'x-dev-delay': '800' } })
  await until(async () => (await counts()).unauthorized === 1)
  await api.get('/me')
  expect(fake.calls.requests[0]?.endedAt).toBeUndefined()
  await slow
  expect(await counts()).toMatchObject({ logins: 1, codes: 1, unauthorized: 2, requests: 5 })
})

test('POSTs with a dead token are placed once', async () => {
  const { api } = await withDeadToken()
  const orders = Array.from({ length: 5 }, (_, index) =>
    api.post('/orders', { title: `桂花糕 ${index} 🍵`, amount: 100 }),
  )
  await Promise.all(orders)
  const { total, items } = await api.get<{ total: number; items: { title: string }[] }>('/orders')
  expect(total).toBe(23 + 5)
  expect(items.slice(0, 5).map(({ title }) => title)).toContain('桂花糕 4 🍵')
})

test('a logout during the login wins: nobody is logged in by it, and the next request starts afresh', async () => {
  const { api, fake } = phone(backend().address, {
    login: { url: '/login', header: { 'x-dev-delay': '500' } },
  })
  const counts = await countFrom(backend())
  const waiting = caught(api.get('/me'))
  await until(async () => (await counts()).logins === 1)
  api.logout()
  expect(await waiting).toMatchObject({ code: 'LOGGED_OUT' })
  await until(() => fake.network.running === 0)
  expect([api.session, fake.storage.get('miniprogram-session')]).toEqual([undefined, undefined])
  await api.get('/me')
  expect(await counts()).toMatchObject({ codes: 2, codesRefused: 0, unauthorized: 0 })
})

test('another copy on the same phone adopts the token of the first', async () => {
  const { fake, api, counts } = await withDeadToken()
  const copy = createClient(usual(fake, backend().address))
  const late = copy.get('/me', undefined, { header: { 'x-dev-delay': '800' } })
  await until(async () => (await counts()).unauthorized === 1)
  await api.get('/me')
  await late
  expect(await counts()).toMatchObject({ logins: 1, codes: 1, unauthorized: 2 })
})

test('an expired session is not used up by a forced login at the same time', async () => {
  const { api, counts } = await withDeadToken()
  await Promise.all([...pages(api, 20), api.ensureLogin({ force: true })])
  expect(await counts()).toMatchObject({ logins: 1, codes: 1, codesRefused: 0 })
})

test('authorize carries fetch through the same funnel', async () => {
  const { api, counts } = await withDeadToken()
  const me = (token: string) =>
    fetch(`${backend().address}/me`, { headers: { authorization: `Bearer ${token}` } })
  const isUnauthorized = ({ result }: { result?: Response }) => result?.status === 401
  const answers = await Promise.all([1, 2, 3].map(() => api.authorize(me, { isUnauthorized })))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
  expect(await counts()).toMatchObject({ logins: 1, codes: 1, unauthorized: 3 })
})
