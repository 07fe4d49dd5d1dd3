import type { HttpError, LoginOptions } from '../../src'
import type { FakeReply, FakeWeChatOptions } from '../../src/testing'
import type { Platform, PlatformRequest, PlatformResponse } from '../../src/platforms/wechat'
import { altered, clientOn, makeWorld, storedToken, tokensAt, watch, type World } from '../laws/world'
import { everyWay, together } from './session-helpers'

/** A world whose `/login` answers `reply`. */
function answered(
  login: Partial<LoginOptions>,
  reply: (token: string, code: string) => FakeReply,
  fake: Omit<FakeWeChatOptions, 'clock'> = {},
): World {
  const world = makeWorld({ fake, client: { login: { url: '/login', retry: 0, ...login } } })
  world.fake.server.loginReply = (token, { json }) => reply(token, String((json as { code?: unknown }).code))
  return world
}

describe('S23: a login answer without a usable token is in the error, its secrets blotted out', () => {
  const inCause = (error: unknown) => ((error as HttpError).cause as HttpError).response

  test('the words of the server are there', async () => {
    const said = { code: 10010, msg: 'this account is closed' }
    const world = answered({}, () => ({ data: said }))
    const all = everyWay(world)
    await world.fake.clock.runAll()
    expect(together(all)).toBe('LOGIN_BAD_RESPONSE')
    for (const { error } of all) expect(inCause(error)).toMatchObject({ statusCode: 200, data: said })
  })

  test.each<[string, Partial<LoginOptions>, (code: string) => FakeReply, string]>([
    [
      'the code, said back',
      {},
      (code) => ({ data: { msg: `no user for ${code}`, input: { code } } }),
      'code-1',
    ],
    ['a token that no header can carry', {}, () => ({ data: { token: 'HUSH\n', msg: 'hello' } }), 'HUSH'],
    [
      'a token that is too long',
      { token: 'data.key' },
      () => ({ data: { data: { key: 'HUSH'.repeat(9000) }, msg: 'hello' } }),
      'HUSH',
    ],
    ['a token that is a number', {}, () => ({ data: { token: 7777777, msg: 'hello' } }), '7777777'],
    [
      'an object in which the token is called otherwise',
      { token: 'data' },
      () => ({ data: { data: { key: 'HUSH' }, msg: 'hello' } }),
      'HUSH',
    ],
    [
      'a session whose token no header can carry',
      { token: ({ data }) => ({ token: (data as { key: string }).key }) },
      () => ({ data: { key: 'HUSH\n', msg: 'hello' } }),
      'HUSH',
    ],
    ['a session_key', {}, () => ({ data: { session_key: 'HUSH', msg: 'hello' } }), 'HUSH'],
  ])('%s is not', async (_what, login, reply, secret) => {
    const warn = jest.spyOn(console, 'warn').mockImplementation()
    const world = answered(login, (_token, code) => reply(code))
    const failed = watch(world.api.ensureLogin(), world.fake)
    await world.fake.clock.runAll()
    warn.mockRestore()
    const response = inCause(failed.error)
    expect([failed.code, response]).toMatchObject(['LOGIN_BAD_RESPONSE', { statusCode: 200 }])
    expect(JSON.stringify([failed.error?.message, response, world.events])).not.toContain(secret)
    expect(JSON.stringify(response.data)).toMatch(/hello|no user for/)
  })
})

describe('S24: a token in a header of the login answer', () => {
  const named = { token: { header: 'X-Auth-Token' } }

  test.each<[string, FakeReply['header'], FakeWeChatOptions]>([
    ['as it is written', { 'X-Auth-Token': 'abc' }, {}],
    ['in lower case', { 'X-Auth-Token': 'abc' }, { headerNames: 'lowercase' }],
    ['in capitals', { 'X-AUTH-TOKEN': 'abc' }, {}],
    ['after "Bearer"', { 'X-Auth-Token': 'Bearer abc' }, {}],
  ])('is found %s', async (_how, header = {}, settings) => {
    const world = answered(named, () => ({ header }), settings)
    world.fake.server.issue('abc')
    const all = everyWay(world)
    await world.fake.clock.runAll()
    expect([together(all), world.api.session?.token, storedToken(world.fake)]).toEqual(['ok', 'abc', 'abc'])
    const sent = world.fake.server.requests.filter(({ path }) => path === '/orders')
    expect(new Set(sent.map((request) => request.headerOf('Authorization')))).toEqual(new Set(['Bearer abc']))
  })

  test.each<[string, (world: World) => unknown]>([
    ['in the body', ({ api, fake }) => watch(api.ensureLogin(), fake)],
    ['given to setSession()', ({ api }) => api.setSession('Bearer abc')],
  ])('a token with "Bearer" %s is sent with one "Bearer"', async (_where, bring) => {
    const world = answered({}, () => ({ data: { token: 'Bearer abc' } }))
    world.fake.server.issue('abc')
    bring(world)
    await world.fake.clock.runAll()
    const request = watch(world.api.get('/orders'), world.fake)
    await world.fake.clock.runAll()
    expect([request.code, tokensAt(world, '/orders')]).toEqual(['ok', ['abc']])
  })

  test('an answer without that header has no token', async () => {
    const world = answered(named, (token) => ({ data: { token }, header: { 'X-Other': token } }))
    const failed = watch(world.api.ensureLogin(), world.fake)
    await world.fake.clock.runAll()
    expect(failed.code).toBe('LOGIN_BAD_RESPONSE')
  })

  test('expiresIn goes with it', async () => {
    const world = answered(named, () => ({ data: { expiresIn: 60 }, header: { 'X-Auth-Token': 'abc' } }))
    const login = watch(world.api.ensureLogin(), world.fake)
    await world.fake.clock.runAll()
    expect(login.value?.expiresAt).toBeGreaterThan(world.fake.clock.now())
  })
})

describe('S26: of the cookies of a login answer that one is taken which a browser would take', () => {
  const cookie = { token: { cookie: 'sid' } }

  test.each<[string, string[], string | undefined]>([
    ['with quotes and a comma in them', ['sid="a b,c"'], '"a b,c"'],
    ['with quotes and attributes', ['sid="abc"; Path=/; HttpOnly'], '"abc"'],
    ['with equals signs in it', ['sid=a=b==; Path=/'], 'a=b=='],
    ['with spaces around it', [' sid = abc ; Path=/'], 'abc'],
    ['before a cookie that quotes its name', ['sid=good', 'other="x, sid=evil"; Path=/'], 'good'],
    ['after a cookie that quotes its name', ['other="x, sid=evil"; Path=/', 'sid=good'], 'good'],
    ['beside one with the name in an attribute', ['other=x; sid=evil', 'sid=good', 'z=1; sid=evil'], 'good'],
    ['beside one whose name differs in case', ['sid=good', 'SID=evil'], 'good'],
    ['set twice: the last one', ['sid=first', 'sid=second'], 'second'],
    ['cleared and set anew', ['sid=; Max-Age=0', 'sid=new'], 'new'],
    ['only within another', ['other="x, sid=evil"; Path=/'], undefined],
    ['only cleared', ['sid=gone; Max-Age=0'], undefined],
    ['set and cleared', ['sid=new', 'sid=; Expires=Thu, 01 Jan 1970 00:00:00 GMT'], undefined],
  ])('%s', async (_what, cookies, token) => {
    const world = answered(cookie, () => ({ cookies }))
    const login = watch(world.api.ensureLogin(), world.fake)
    await world.fake.clock.runAll()
    expect([login.code, login.value?.token]).toEqual([token ? 'ok' : 'LOGIN_BAD_RESPONSE', token])
  })

  test.each<[string, string, string | undefined]>([
    ['with a comma in quotes', 'sid="a b,c"; Path=/', '"a b,c"'],
    ['before a cookie that quotes its name', 'sid=good; Path=/, other="x, sid=evil"; Path=/', 'good'],
    ['after a date', 'other=1; Expires=Wed, 21 Oct 2037 07:28:00 GMT, sid=good', 'good'],
    ['only within another', 'other="x, sid=evil"; Path=/', undefined],
  ])('where the phone joins them by commas in one header, %s', async (_what, line, token) => {
    const { fake } = answered(cookie, () => ({}))
    const request = (options: PlatformRequest) => {
      const success = (given: PlatformResponse) =>
        options.success?.({ ...given, cookies: [], header: { 'Set-Cookie': line } })
      return (fake.wx as Platform).request({ ...options, success })
    }
    const { api } = clientOn(fake, {
      login: { url: '/login', retry: 0, ...cookie },
      platform: altered(fake, { request }),
    })
    const login = watch(api.ensureLogin(), fake)
    await fake.clock.runAll()
    expect([login.code, login.value?.token]).toEqual([token ? 'ok' : 'LOGIN_BAD_RESPONSE', token])
  })

  test('and it goes back as a browser would send it', async () => {
    const world = answered(cookie, () => ({ cookies: ['sid="abc"; Path=/'] }))
    const { fake } = world
    const { api } = clientOn(fake, { attach: { cookie: 'sid' }, login: { url: '/login', ...cookie } })
    fake.server.on('/orders', () => ({}))
    const request = watch(api.get('/orders'), fake)
    await fake.clock.runAll()
    expect([request.code, fake.server.requests.map((sent) => sent.headerOf('Cookie'))]).toEqual([
      'ok',
      [undefined, 'sid="abc"'],
    ])
  })

  test('a function may still read the answer its own way', async () => {
    const token = ({ cookies }: { cookies?: string[] }) => ({ token: cookies?.[0] ?? '' })
    const world = answered({ token }, () => ({ cookies: ['abc'] }))
    const login = watch(world.api.ensureLogin(), world.fake)
    await world.fake.clock.runAll()
    expect(login.value?.token).toBe('abc')
  })
})
