import { caught, countFrom, deadAddress, pages, phone, serve, until, useBackend } from './world'

const backend = useBackend()
const ORDER = { title: '搪瓷杯 🍵', amount: 990 }
/** Longer than any of these tests looks on: the answer is lost when the server goes away. */
const NEVER_SOON = { header: { 'x-dev-delay': '800' } }

/** A phone that is logged in, and patient. */
async function loggedIn() {
  const made = phone(backend().address, { retry: { limit: 100, delay: () => 30 } })
  await made.api.ensureLogin()
  made.fake.calls.reset()
  return { ...made, counts: await countFrom(backend()) }
}

describe('when the server goes away and comes back', () => {
  test('what was being read is read again; an order on the wire is not sent twice', async () => {
    const { api, fake, counts } = await loggedIn()
    const reading = [1, 2, 3].map((page) => api.get<{ page: number }>('/orders', { page }, NEVER_SOON))
    const order = caught(api.post('/orders', ORDER, NEVER_SOON))
    await until(async () => (await counts()).requests === 4)
    await backend().goAway()
    expect(await order).toMatchObject({ code: 'NETWORK', attempts: 1 })
    await backend().comeBack()
    expect((await Promise.all(reading)).map(({ page }) => page)).toEqual([1, 2, 3])
    expect(await api.get('/orders')).toMatchObject({ total: 23 + 1, items: { 0: ORDER } })
    expect(fake.calls.requests.filter(({ method }) => method === 'POST')).toHaveLength(1)
    // The session has outlived the outage on both sides.
    expect(await counts()).toMatchObject({ logins: 0, codes: 0, unauthorized: 0 })
  })

  test('what is asked meanwhile waits for it, an order fails and may be sent again by its user', async () => {
    const { api, counts } = await loggedIn()
    await backend().goAway()
    const reading = pages(api, 20)
    expect(await caught(api.post('/orders', ORDER))).toMatchObject({ code: 'NETWORK', attempts: 1 })
    await backend().comeBack()
    await Promise.all(reading)
    await api.post('/orders', ORDER)
    expect(await api.get('/orders')).toMatchObject({ total: 23 + 1 })
    expect(await counts()).toMatchObject({ requests: 22, codes: 0, unauthorized: 0 })
  })

  test('a login that found nobody is told to all who waited, and the next one uses a new code', async () => {
    const { api, fake } = phone(backend().address)
    const counts = await countFrom(backend())
    await backend().goAway()
    const errors = await Promise.all(pages(api, 20).map(caught))
    expect(errors[0]).toMatchObject({ code: 'LOGIN_FAILED', name: 'LoginError' })
    expect(new Set(errors).size).toBe(1)
    await backend().comeBack()
    await api.get('/me')
    expect(fake.calls.logins).toBe(4)
    expect(await counts()).toMatchObject({ logins: 1, codes: 1, codesRefused: 0 })
  })

  test('a login cut off half-way is tried again with a new code, and not with the one that arrived', async () => {
    const login = { url: '/login', header: { 'x-dev-delay': '500' } }
    const { api, fake } = phone(backend().address, { login })
    const counts = await countFrom(backend())
    const me = caught(api.get('/me'))
    await until(async () => (await counts()).logins === 1)
    await backend().goAway()
    expect(await me).toMatchObject({ code: 'LOGIN_FAILED' })
    await backend().comeBack()
    await api.get('/me')
    expect(fake.calls.logins).toBe(4)
    expect(await counts()).toMatchObject({ codes: 2, codesRefused: 0 })
  })
})

test('a server that stays away is an error after three tries, and not a 401', async () => {
  const { api, fake } = phone(await deadAddress(), { login: () => Promise.resolve('token') })
  expect(await caught(api.get('/me'))).toMatchObject({ code: 'NETWORK', attempts: 3 })
  expect(await caught(api.post('/orders', ORDER))).toMatchObject({ code: 'NETWORK', attempts: 1 })
  expect(fake.calls.logins).toBe(1)
})

describe('with a list of base URLs, the first of them dead', () => {
  test('everything moves to the second, the login and what must not be sent twice included', async () => {
    const dead = await deadAddress()
    const { api, fake } = phone([dead, backend().address])
    const counts = await countFrom(backend())
    await api.post('/orders', ORDER)
    await Promise.all(pages(api, 20))
    expect(await counts()).toMatchObject({ requests: 22, logins: 1, codes: 1, codesRefused: 0 })
    const strayed = fake.calls.requests.filter(({ url }) => url.startsWith(dead))
    expect(strayed).toHaveLength(1)
  })

  test('a logged in phone finds its way with all it has on the wire', async () => {
    const yesterday = phone(backend().address)
    const session = await yesterday.api.ensureLogin()
    const addresses = [await deadAddress(), backend().address]
    const { api, fake } = phone(addresses, { retry: false, checkSession: false })
    fake.storage.set('miniprogram-session', session)
    const counts = await countFrom(backend())
    expect(await Promise.all(pages(api, 20))).toHaveLength(20)
    expect(await counts()).toMatchObject({ requests: 20, codes: 0, unauthorized: 0 })
  })

  test('an error status is no reason to move', async () => {
    let second = 0
    const first = await serve((_request, response) => response.writeHead(404).end('{}'))
    const other = await serve((_request, response) => {
      second++
      response.end('{}')
    })
    const { api } = phone([first, other], { login: () => Promise.resolve('token') })
    expect(await caught(api.get('/me'))).toMatchObject({ code: 'HTTP_STATUS', attempts: 1 })
    expect(second).toBe(0)
  })
})

test('a server that is busy is asked again when it says so, an order is not', async () => {
  const hits = { GET: 0, POST: 0 }
  const address = await serve((request, response) => {
    const busy = ++hits[request.method as 'GET' | 'POST'] === 1
    response.writeHead(busy ? 503 : 200, { 'Retry-After': '0' }).end('{}')
  })
  const { api } = phone(address, { login: () => Promise.resolve('token'), retry: 1 })
  await api.get('/orders')
  expect(await caught(api.post('/orders', ORDER))).toMatchObject({ code: 'HTTP_STATUS', attempts: 1 })
  expect(hits).toEqual({ GET: 2, POST: 1 })
})
