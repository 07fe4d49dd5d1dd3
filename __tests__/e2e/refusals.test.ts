import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ClientOptions } from '../../src'
import { caught, phone, serve, until } from './world'

type Route = (request: IncomingMessage, response: ServerResponse) => void

/** A back end that logs everybody in and counts what comes. */
async function backEnd(other: Route, options: Partial<ClientOptions> = {}) {
  const seen = { logins: 0, requests: 0 }
  const address = await serve((request, response) => {
    if (request.url === '/login') response.end(JSON.stringify({ token: `token-${++seen.logins}` }))
    else {
      seen.requests++
      other(request, response)
    }
  })
  return { ...phone(address, options), seen }
}

const refuse: Route = (_request, response) => response.writeHead(401).end('{"error":"no"}')

describe('a server that answers 401 to everything', () => {
  test('after a login it is final, for all twenty, and nothing loops', async () => {
    const { api, seen } = await backEnd(refuse)
    const errors = await Promise.all(Array.from({ length: 20 }, () => caught(api.get('/orders'))))
    for (const error of errors) expect(error).toMatchObject({ code: 'UNAUTHORIZED', attempts: 1 })
    expect(seen).toEqual({ logins: 1, requests: 20 })
  })

  test('with a token from storage the request goes out twice, around one login', async () => {
    const { api, fake, seen } = await backEnd(refuse, { checkSession: false })
    fake.storage.set('miniprogram-session', { token: 'of-yesterday' })
    const error = await caught(api.get('/orders'))
    expect(error).toMatchObject({
      code: 'UNAUTHORIZED',
      attempts: 2,
      response: { data: { error: 'no' } },
    })
    expect(seen).toEqual({ logins: 1, requests: 2 })
  })

  test('many requests at once go out three times at most, whichever 401 comes first', async () => {
    const { api, fake, seen } = await backEnd(refuse, { checkSession: false })
    fake.storage.set('miniprogram-session', { token: 'of-yesterday' })
    const errors = await Promise.all(Array.from({ length: 20 }, () => caught(api.get('/orders'))))
    for (const { code, attempts } of errors) {
      expect(code).toBe('UNAUTHORIZED')
      expect(attempts).toBeLessThanOrEqual(3)
    }
    expect(seen.logins).toBeLessThanOrEqual(3)
  })

  test('one request after the other for the same thing costs one login, not one each', async () => {
    const { api, seen } = await backEnd(refuse)
    for (let turn = 0; turn < 10; turn++)
      expect(await caught(api.get('/orders', { turn }))).toMatchObject({ code: 'UNAUTHORIZED', attempts: 1 })
    expect(seen).toEqual({ logins: 1, requests: 10 })
  })

  test('one request after the other, each elsewhere, ends in a pause, and not in a login for each', async () => {
    const { api, seen } = await backEnd(refuse)
    const codes: string[] = []
    for (let turn = 0; turn < 10; turn++) codes.push((await caught(api.get(`/orders/${turn}`))).code)
    expect(codes[0]).toBe('UNAUTHORIZED')
    expect(codes[9]).toBe('LOGIN_COOLDOWN')
    expect(seen.logins).toBeLessThanOrEqual(4)
  })
})

test('one forbidden endpoint does not evict the token that serves the others', async () => {
  const { api, seen } = await backEnd((request, response) => {
    if (request.url === '/admin') refuse(request, response)
    else response.end('{}')
  })
  await api.get('/orders')
  expect(await caught(api.get('/admin'))).toMatchObject({ code: 'UNAUTHORIZED' })
  await api.get('/orders')
  expect(seen.logins).toBeLessThanOrEqual(2)
})

describe('an abort', () => {
  test('in flight closes the connection and frees the lane', async () => {
    let open = 0
    let closed = 0
    const { api, fake } = await backEnd((request, response) => {
      if (request.url !== '/slow') return response.end('{}')
      open++
      request.on('close', () => closed++)
      return undefined
    })
    const tasks = Array.from({ length: 9 }, () => api.get('/slow'))
    const errors = tasks.map(caught)
    await until(() => open === 9)
    const behind = api.get('/quick')
    for (const task of tasks) task.abort()
    for (const error of errors) expect(await error).toMatchObject({ code: 'ABORTED', attempts: 1 })
    await behind
    await until(() => closed === 9)
    expect(fake.network.running).toBe(0)
  })

  test('while the login is under way sends nothing, and leaves the login alone', async () => {
    const { api, seen } = await backEnd((_request, response) => response.end('{}'))
    const task = api.get('/orders')
    const error = caught(task)
    task.abort()
    expect(await error).toMatchObject({ code: 'ABORTED', attempts: 0 })
    await api.get('/orders')
    expect(seen).toEqual({ logins: 1, requests: 1 })
  })
})
