import type { ClientOptions } from '../../src'
import type { FakeReply } from '../../src/testing'
import { clientOn, makeWorld, storedToken, times, tokensAt, watch, type World } from '../laws/world'
import { everyWay, rotates, slowStore, sourcesOf, tenAt, together } from './session-helpers'

const HEADER: Partial<ClientOptions> = { rotate: { header: 'authorization' } }

/** Asks `/orders` so many times, one after the other. */
async function inARow({ fake, api }: Pick<World, 'fake' | 'api'>, count: number): Promise<string[]> {
  const codes: string[] = []
  for (let n = 0; n < count; n++) {
    const request = watch(api.get('/orders'), fake)
    await fake.clock.advance(1000)
    codes.push(request.code)
  }
  return codes
}

describe('S5: a server that hands out the next token in a header costs no login', () => {
  test.each<[string, (token: string) => FakeReply, Partial<ClientOptions>]>([
    ['in a header', (token) => ({ header: { Authorization: token } }), HEADER],
    ['in a header in lower case', (token) => ({ header: { authorization: token } }), HEADER],
    ['after "Bearer"', (token) => ({ header: { Authorization: `Bearer ${token}` } }), HEADER],
    [
      'where a function finds it',
      (token) => ({ data: { next: token } }),
      { rotate: ({ data }) => (data as { next: string }).next },
    ],
  ])('six requests in a row go out with six tokens, %s', async (_where, handOut, client) => {
    const world = makeWorld({ stored: 'first', client })
    rotates(world.fake, '/orders', handOut)
    expect(await inARow(world, 6)).toEqual(times(6, () => 'ok'))
    expect(tokensAt(world, '/orders')).toEqual(['first', ...times(5, (n) => `token-${n + 1}`)])
    expect(world.fake.calls.logins).toBe(0)
  })

  test('ten at once all succeed, without a login', async () => {
    const world = makeWorld({ stored: 'first', client: HEADER })
    rotates(world.fake, '/orders')
    const all = tenAt(world, '/orders')
    await world.fake.clock.runAll()
    expect([together(all), world.fake.calls.logins]).toEqual(['ok', 0])
  })

  test('so do uploads, downloads and clones beside plain requests', async () => {
    const world = makeWorld({ stored: 'first', client: HEADER })
    rotates(world.fake, '/orders')
    const { fake, api } = world
    const all = [
      watch<unknown>(api.post('/orders', { item: 1 }), fake),
      watch<unknown>(api.uploadFile({ url: '/orders', filePath: 'a', name: 'a' }), fake),
      watch<unknown>(api.downloadFile({ url: '/orders' }), fake),
      watch<unknown>(api.extend({ timeout: 5000 }).get('/orders'), fake),
    ]
    await fake.clock.runAll()
    expect([together(all), fake.calls.logins]).toEqual(['ok', 0])
  })

  test.each<[string, (world: World) => PromiseLike<unknown>]>([
    ['an upload', ({ api }) => api.uploadFile({ url: '/files', filePath: 'a', name: 'a' })],
    ['a download', ({ api }) => api.downloadFile({ url: '/files' })],
  ])('%s brings the next token in its head', async (_what, send) => {
    const world = makeWorld({ stored: 'first', client: HEADER })
    rotates(world.fake, '/files')
    await Promise.all([send(world), world.fake.clock.runAll()])
    const next = watch(world.api.get('/orders'), world.fake)
    await world.fake.clock.runAll()
    expect([next.code, tokensAt(world, '/orders'), world.fake.calls.logins]).toEqual(['ok', ['token-1'], 0])
  })

  test('the first login is followed by rotation as well', async () => {
    const world = makeWorld({ client: HEADER })
    rotates(world.fake, '/orders')
    const all = tenAt(world, '/orders')
    await world.fake.clock.runAll()
    expect([together(all), world.fake.calls.logins]).toEqual(['ok', 1])
  })

  test('the next launch goes on with the newest token', async () => {
    const world = makeWorld({ stored: 'first', client: HEADER })
    rotates(world.fake, '/orders')
    await inARow(world, 3)
    expect(storedToken(world.fake)).toBe('token-3')
    const next = { ...world, ...clientOn(world.fake, HEADER) }
    expect([await inARow(next, 3), world.fake.calls.logins]).toEqual([['ok', 'ok', 'ok'], 0])
  })

  test('a slow store of the app’s own ends with the newest token', async () => {
    const { fake } = makeWorld()
    fake.server.issue('first')
    const { box, store } = slowStore(fake, { token: 'first' }, 40)
    const { api } = clientOn(fake, { ...HEADER, storage: store })
    rotates(fake, '/orders')
    const all = tenAt({ fake, api }, '/orders')
    await fake.clock.runAll()
    expect([together(all), fake.calls.logins, box.session]).toMatchObject(['ok', 0, { token: 'token-10' }])
  })

  test('a copy whose token another copy has rotated away takes up the next one', async () => {
    const world = makeWorld({ stored: 'first', client: HEADER })
    const { fake } = world
    rotates(fake, '/orders')
    const other = clientOn(fake, HEADER)
    expect(other.api.session?.token).toBe('first')
    await inARow(world, 3)
    expect(await inARow({ fake, ...other }, 3)).toEqual(['ok', 'ok', 'ok'])
    expect([await inARow(world, 1), fake.calls.logins, sourcesOf(other)[1]]).toEqual([['ok'], 0, 'adopted'])
  })

  test('authorize runs with the token that is current', async () => {
    const world = makeWorld({ stored: 'first', client: HEADER })
    rotates(world.fake, '/orders')
    await inARow(world, 2)
    const tokens: string[] = []
    const run = watch(
      world.api.authorize((token) => tokens.push(token)),
      world.fake,
    )
    await world.fake.clock.runAll()
    expect([run.code, tokens]).toEqual(['ok', ['token-2']])
  })
})

/** A phone and a back end whose session is a cookie. */
function withCookies(setCookie: (token: string) => string) {
  const attach = { cookie: 'sid' }
  const login = { url: '/login', token: { cookie: 'sid' } }
  const world = makeWorld({ stored: 'first', client: { attach, login } })
  const { server } = world.fake
  server.readToken = (request) => /\bsid=([^;]*)/.exec(request.headerOf('Cookie') ?? '')?.[1]
  server.loginReply = (token) => ({ cookies: [setCookie(token)] })
  rotates(world.fake, '/orders', (token) => ({ cookies: ['lang=zh', setCookie(token)] }))
  const cookies = () => server.requests.map((request) => request.headerOf('Cookie'))
  return { ...world, cookies }
}

describe('S6: a cookie that each answer sets anew is taken over, without an option', () => {
  test('requests in a row carry the newest cookie', async () => {
    const world = withCookies((token) => `sid=${token}; Path=/; HttpOnly`)
    expect(await inARow(world, 3)).toEqual(['ok', 'ok', 'ok'])
    expect([world.cookies(), world.fake.calls.logins]).toEqual([
      ['sid=first', 'sid=token-1', 'sid=token-2'],
      0,
    ])
  })

  test('ten at once all succeed, without a login', async () => {
    const world = withCookies((token) => `sid=${token}; Path=/; HttpOnly`)
    const all = tenAt(world, '/orders')
    await world.fake.clock.runAll()
    expect([together(all), world.fake.calls.logins]).toEqual(['ok', 0])
  })

  test.each<[string, string, boolean]>([
    ['that is empty', 'sid=; Path=/', false],
    ['of Max-Age 0', 'sid=gone; Max-Age=0', false],
    ['of Max-Age -1', 'sid=gone; max-age=-1', false],
    ['that expired in 1970', 'sid=gone; Expires=Thu, 01 Jan 1970 00:00:00 GMT', false],
    ['that expired in 2000', 'sid=gone; expires=Sun, 31 Dec 2000 23:59:59 GMT; Path=/', false],
    ['that expired in 2020: the clock is not asked', 'sid=next; Expires=Wed, 01 Jan 2020 00:00:00 GMT', true],
    ['of another name', 'sid2=next', false],
  ])('a cookie %s', async (_what, cookie, isNext) => {
    const world = withCookies((token) => `sid=${token}`)
    const { fake, api } = world
    fake.server.on('/menu', () => ({ cookies: [cookie] }))
    const request = watch(api.get('/menu'), fake)
    await fake.clock.runAll()
    expect([request.code, api.session?.token]).toEqual(['ok', isNext ? 'next' : 'first'])
    expect(sourcesOf(world)).toEqual(isNext ? ['stored', 'rotated'] : ['stored'])
  })
})

test('law 20: with attach: { header } nothing is rotated unless an option says so', async () => {
  const world = makeWorld({ stored: 'good', client: { attach: { header: 'X-Token' } } })
  world.fake.server.on('/orders', () => ({ header: { 'X-Token': 'next' }, cookies: ['X-Token=next'] }))
  const all = everyWay(world)
  await world.fake.clock.runAll()
  expect([together(all), world.api.session?.token]).toEqual(['ok', 'good'])
})
