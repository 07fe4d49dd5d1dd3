import { BusinessError, type Client, type Response } from '../../src'
import { knownPhone, phone, result } from '../phone'
import { codesOf, makeWorld, times, tokensAt, watch } from '../laws/world'

const client = { checkSession: false as const }
const codeOf = ({ data }: Response): unknown => (data as { code?: number } | null)?.code

/** A server that answers a wrong password with 401, as it answers a dead token. */
function withPasswords() {
  const world = makeWorld({ stored: 'good', client })
  const refusal = { statusCode: 401, data: { code: 7, msg: 'wrong password' } }
  world.fake.server.on(
    '/password',
    world.fake.server.guard(({ json }) => ((json as { old: string }).old === 'right' ? {} : refusal)),
  )
  return world
}

describe('R22: a 401 that is about something else is the server’s answer, once', () => {
  test('four wrong passwords are four answers, cost no code, and the session stays', async () => {
    const { fake, api } = withPasswords()
    for (let n = 0; n < 4; n++) {
      const tried = watch(api.post('/password', { old: 'wrong' }, { isUnauthorized: false }), fake)
      await fake.clock.runAll()
      expect(tried.error).toMatchObject({
        code: 'HTTP_STATUS',
        name: 'HttpError',
        response: { statusCode: 401, data: { msg: 'wrong password' } },
      })
    }
    expect([tokensAt({ fake }, '/password'), fake.calls.logins]).toEqual([times(4, () => 'good'), 0])
    expect(api.session?.token).toBe('good')
    const right = watch(api.post('/password', { old: 'right' }, { isUnauthorized: false }), fake)
    await fake.clock.runAll()
    expect(right.code).toBe('ok')
  })

  test('ten at once, beside requests that succeed', async () => {
    const { fake, api } = withPasswords()
    const all = times(10, () =>
      watch(api.post('/password', { old: 'wrong' }, { isUnauthorized: false }), fake),
    )
    const other = watch(api.get('/orders'), fake)
    await fake.clock.runAll()
    expect([codesOf(all), other.code, fake.calls.logins]).toEqual([times(10, () => 'HTTP_STATUS'), 'ok', 0])
  })

  test('request() resolves to it, as to any status', async () => {
    const { fake, api } = withPasswords()
    const options = {
      url: '/password',
      method: 'POST',
      data: { old: 'wrong' },
      isUnauthorized: false,
    } as const
    const answer = await result(fake, api.request(options))
    expect([answer.statusCode, fake.calls.logins]).toEqual([401, 0])
  })

  test.each<[string, (api: Client) => Promise<{ statusCode: number }>]>([
    ['an upload', (api) => api.uploadFile({ url: '/f', filePath: 'f', name: 'n', isUnauthorized: false })],
    ['a download', (api) => api.downloadFile({ url: '/f', isUnauthorized: false })],
  ])('so does %s', async (_what, send) => {
    const { fake, api } = makeWorld({ stored: 'good', client })
    fake.server.on('/f', () => ({ statusCode: 401 }))
    expect([(await result(fake, send(api))).statusCode, fake.calls.logins]).toEqual([401, 0])
  })

  test('through a clone with middleware, which sees the answer', async () => {
    const { fake, api } = withPasswords()
    const seen: number[] = []
    const clone = api.extend({
      use: [
        async (request, next) => {
          const response = await next(request)
          seen.push(response.statusCode)
          return response
        },
      ],
    })
    const tried = watch(clone.post('/password', { old: 'wrong' }, { isUnauthorized: false }), fake)
    await fake.clock.runAll()
    expect([tried.code, seen, fake.calls.logins]).toEqual(['HTTP_STATUS', [401], 0])
  })

  test('without it a 401 to a dead token is logged in for, as ever', async () => {
    const { fake, api } = withPasswords()
    fake.server.expire()
    const tried = watch(api.post('/password', { old: 'right' }), fake)
    await fake.clock.runAll()
    expect([tried.code, fake.calls.logins]).toEqual(['ok', 1])
  })

  test('a function of a single request judges that request alone', async () => {
    const { fake, api } = makeWorld({ stored: 'old', isLive: false, client })
    fake.server.refusal = () => ({ data: { code: 10401 } })
    const isUnauthorized = (response: Response) => codeOf(response) === 10401
    const judged = watch(api.get('/a', {}, { isUnauthorized }), fake)
    await fake.clock.runAll()
    expect([judged.code, fake.calls.logins]).toEqual(['ok', 1])
    fake.server.expire()
    const plain = watch(api.get('/b'), fake)
    await fake.clock.runAll()
    expect([plain.value, fake.calls.logins]).toEqual([{ code: 10401 }, 1])
  })

  test('false turns off the client’s own judgement too', async () => {
    const isUnauthorized = (response: Response) => codeOf(response) === 10401
    const { fake, api } = makeWorld({ stored: 'good', client: { ...client, isUnauthorized } })
    fake.server.on('/a', () => ({ data: { code: 10401 } }))
    expect(await result(fake, api.get('/a', {}, { isUnauthorized: false }))).toEqual({ code: 10401 })
    expect(fake.calls.logins).toBe(0)
  })
})

describe('R27: a guest is told what the server says', () => {
  const isUnauthorized = (response: Response) => response.statusCode === 401 || codeOf(response) === 10401
  const unwrap = (response: Response) => {
    if (codeOf(response) !== 0) throw new BusinessError('please log in', 10401)
    return (response.data as { data: unknown }).data
  }
  const guest = { auth: 'optional' as const }

  test('below status 400 the app’s unwrap decides', async () => {
    const { fake, api } = phone({ isUnauthorized, unwrap })
    fake.server.on('/me', () => ({ data: { code: 10401, msg: 'who are you?' } }))
    const asked = watch(api.get('/me', {}, guest), fake)
    await fake.clock.runAll()
    expect(asked.error).toMatchObject({ code: 'BUSINESS', message: 'please log in' })
    expect(fake.calls.logins).toBe(0)
  })

  test('and may as well take it for an answer', async () => {
    const { fake, api } = phone({ isUnauthorized })
    fake.server.on('/me', () => ({ data: { code: 10401 } }))
    expect(await result(fake, api.get('/me', {}, guest))).toEqual({ code: 10401 })
  })

  test('request(), a clone and middleware resolve to it', async () => {
    const { fake, api } = phone({ isUnauthorized, unwrap })
    fake.server.on('/me', () => ({ data: { code: 10401 } }))
    const clone = api.extend({ use: [(request, next) => next(request)] })
    expect(await result(fake, clone.request({ url: '/me', ...guest }))).toMatchObject({
      data: { code: 10401 },
    })
  })

  test('a 401 stays HTTP_STATUS', async () => {
    const { fake, api } = phone({ isUnauthorized, unwrap })
    const asked = watch(api.get('/me', {}, guest), fake)
    await fake.clock.runAll()
    expect([asked.code, fake.calls.logins]).toEqual(['HTTP_STATUS', 0])
  })

  test('where `auth` of the client says optional, it is the same without a word', async () => {
    const { fake, api } = phone({ isUnauthorized, unwrap, auth: 'optional' })
    fake.server.on('/me', () => ({ data: { code: 10401 } }))
    const asked = watch(api.get('/me'), fake)
    await fake.clock.runAll()
    expect([asked.code, fake.calls.logins]).toEqual(['BUSINESS', 0])
  })

  test('`auth` of the client is the default only: a request, and authorize(), say otherwise', async () => {
    const { fake, api } = phone({ auth: false })
    const member = watch(api.get('/orders', {}, { auth: true }), fake)
    const run = watch(
      api.authorize((token) => token),
      fake,
    )
    const open = watch(api.get('/open'), fake)
    await fake.clock.runAll()
    expect([member.code, run.value, open.code]).toEqual(['ok', 'token-1', 'HTTP_STATUS'])
  })

  test('a clone may have another default', async () => {
    const { fake, api } = knownPhone()
    await result(fake, api.extend({ auth: false, throwHttpErrors: false }).get('/open'))
    await result(fake, api.get('/orders'))
    expect([tokensAt({ fake }, '/open'), tokensAt({ fake }, '/orders')]).toEqual([[''], ['token-1']])
  })
})
