import { altered, clientOn, codesOf, exchangesAt, makeWorld, phasesOf, soon, times, watch } from './world'

/** One login, however it goes, and what became of its codes. */
async function loginWith(prepare: (world: ReturnType<typeof makeWorld>) => void) {
  const world = makeWorld()
  prepare(world)
  const login = watch(world.api.ensureLogin(), world.fake)
  await world.fake.clock.runAll()
  expect(world.fake.server.codesReused).toEqual([])
  return { ...world, login }
}

describe('law 5: a code is used once', () => {
  test.each([
    ['is refused', 400],
    ['breaks', 500],
    ['is too busy', 429],
    ['is unauthorised', 401],
  ])('after an exchange that %s, the next try has a new code', async (_how, statusCode) => {
    const { fake, login } = await loginWith(({ fake }) => {
      const off = fake.server.on('/login', () => {
        off()
        return { statusCode }
      })
    })
    expect([login.code, fake.calls.logins]).toEqual(['ok', 2])
  })

  test('after an exchange whose connection broke, the next try has a new code', async () => {
    const { fake, login } = await loginWith(({ fake }) =>
      fake.misbehave('request', { fail: { errMsg: 'fail reset' } }),
    )
    expect([login.code, fake.calls.logins, exchangesAt({ fake })]).toEqual(['ok', 2, 1])
  })

  test('an exchange whose answer was lost is not repeated with the same code by the next call', async () => {
    const { fake, api, login } = await loginWith(({ fake }) => fake.misbehave('request', 'hang'))
    expect(login.code).toBe('LOGIN_TIMEOUT')
    const again = watch(api.ensureLogin(), fake)
    await fake.clock.runAll()
    expect([again.code, fake.server.codesReused, fake.calls.logins]).toEqual(['ok', [], 2])
  })

  test('an exchange answered twice counts once', async () => {
    const { fake, login } = await loginWith(({ fake }) => fake.misbehave('request', 'twice'))
    expect([login.code, exchangesAt({ fake })]).toEqual(['ok', 1])
  })

  test('a cached answer of wx.login is no code: it is never exchanged', async () => {
    const { fake, login } = await loginWith(({ fake }) => fake.misbehave('login', 'cached'))
    expect([login.code, fake.calls.logins, exchangesAt({ fake })]).toEqual(['ok', 2, 1])
  })

  test('a cache that answers every time ends the login with words about the cache', async () => {
    const { login, fake } = await loginWith(({ fake }) => fake.misbehave('login', 'cached', Infinity))
    expect(login.code).toBe('LOGIN_FAILED')
    expect(login.error?.message).toContain('cache')
    expect(exchangesAt({ fake })).toBe(0)
  })

  test('a code that WeChat hands out a second time without a mark is not exchanged again', async () => {
    const { fake } = makeWorld()
    const login = ({ success }: { success: (result: object) => void }) => success({ code: 'the-same' })
    const { api } = clientOn(fake, { platform: altered(fake, { login }) })
    const all = [watch(api.ensureLogin(), fake)]
    await fake.clock.runAll()
    all.push(watch(api.ensureLogin({ force: true }), fake))
    await fake.clock.runAll()
    // The server did not know it: that is what is told of the first.
    expect(codesOf(all)).toEqual(['LOGIN_REJECTED', expect.stringMatching(/^LOGIN_(FAILED|REJECTED)$/)])
    expect(fake.server.codes.get('the-same')).toBe(1)
  })

  test('wx.login without a code is a failure, and the next try may bring one', async () => {
    const { login, fake } = await loginWith(({ fake }) => fake.misbehave('login', 'empty'))
    expect([login.code, fake.calls.logins, exchangesAt({ fake })]).toEqual(['ok', 2, 1])
  })

  test('two callbacks of wx.login with two codes lead to one exchange', async () => {
    const { fake } = makeWorld()
    const login = ({ success }: { success: (result: object) => void }) => {
      success({ code: fake.account.login() })
      success({ code: fake.account.login() })
    }
    const { api } = clientOn(fake, { platform: altered(fake, { login }) })
    const ensured = watch(api.ensureLogin(), fake)
    await fake.clock.runAll()
    expect([ensured.code, [...fake.server.codes]]).toEqual(['ok', [['code-1', 1]]])
  })

  test('a code that comes after the login was given up is dropped, not kept for the next one', async () => {
    const { fake, api } = makeWorld({ fake: { loginLatency: 50 } })
    const first = watch(api.ensureLogin(), fake)
    await fake.clock.advance(10)
    api.logout()
    const second = watch(api.ensureLogin(), fake)
    await fake.clock.runAll()
    expect([first.code, second.code]).toEqual(['LOGGED_OUT', 'ok'])
    expect([[...fake.server.codes.keys()], fake.calls.logins]).toEqual([['code-2'], 2])
  })

  test('a hundred rounds of expiry use a hundred codes, each once', async () => {
    const { fake, api } = makeWorld()
    for (let round = 0; round < 100; round++) {
      fake.server.expire()
      const all = times(5, (n) => watch(api.get(`/${n}`), fake))
      await fake.clock.advance(200)
      expect(new Set(codesOf(all))).toEqual(new Set(['ok']))
    }
    expect([fake.calls.logins, fake.server.codes.size, fake.server.codesReused]).toEqual([100, 100, []])
  })

  test('a login function of the app gets each code once: after an error of its own the next login has another', async () => {
    const codes: string[] = []
    const login = (code: string) => {
      codes.push(code)
      return codes.length === 1 ? Promise.reject(new Error('busy')) : Promise.resolve('a-token')
    }
    const { fake, api } = makeWorld({ client: { login } })
    const first = watch(api.ensureLogin(), fake)
    await fake.clock.runAll()
    const second = watch(api.ensureLogin(), fake)
    await fake.clock.runAll()
    expect([first.code, second.value?.token, codes]).toEqual([
      'LOGIN_FAILED',
      'a-token',
      ['code-1', 'code-2'],
    ])
  })

  test('an exchange that is tried again, as a request would be, has a new code each time', async () => {
    const { fake, login } = await loginWith(({ fake }) => {
      const ends = [{ statusCode: 503 }, { fail: 'reset' as const }]
      const off = fake.server.on('/login', (request, wire) => {
        const end = ends.shift()
        if (end) return end
        off()
        return fake.server.handle(request, wire)
      })
    })
    expect([login.code, fake.calls.logins]).toEqual(['ok', 3])
  })

  test('it waits before that, for as long as the server asks for', async () => {
    const { fake, api } = makeWorld()
    fake.server.on('/login', () => ({ statusCode: 503, header: { 'Retry-After': '4' } }))
    const ensured = await soon(fake, api.ensureLogin(), 3900)
    expect([ensured.code, fake.calls.logins]).toEqual(['pending', 1])
    await fake.clock.advance(200)
    expect(fake.calls.logins).toBe(2)
  })

  test('a code that was refused gets one more try, and no third', async () => {
    const { fake, login } = await loginWith(({ fake }) => {
      fake.server.on('/login', () => ({ statusCode: 403 }))
    })
    expect([login.code, fake.calls.logins]).toEqual(['LOGIN_REJECTED', 2])
  })

  test('an answer of the exchange out of a cache is none: another code is taken', async () => {
    const { fake, login } = await loginWith(({ fake }) =>
      fake.misbehave('request', 'cached', 1, ({ url }) => String(url).endsWith('/login')),
    )
    expect([login.value?.token, fake.calls.logins]).toEqual(['token-2', 2])
  })

  test('an answer of the check out of a cache is none: the session is not confirmed by it, nor replaced', async () => {
    const { fake, api, events } = makeWorld({ stored: 'good' })
    fake.misbehave('checkSession', 'cached')
    const ensured = watch(api.ensureLogin(), fake)
    await fake.clock.runAll()
    expect([ensured.value?.token, fake.calls.logins]).toEqual(['good', 0])
    expect(phasesOf(events, 'check')).not.toContain('passed')
  })

  test('nor by a failure out of a cache', async () => {
    const { fake } = makeWorld({ stored: 'good' })
    const checkSession = ({ fail }: { fail: (failure: object) => void }) =>
      fail({ errMsg: 'checkSession:fail', fromCache: true })
    const { api } = clientOn(fake, { platform: altered(fake, { checkSession }) })
    const ensured = watch(api.ensureLogin(), fake)
    await fake.clock.runAll()
    expect([ensured.value?.token, fake.calls.logins]).toEqual(['good', 0])
  })

  test('a login with data is not tried again once its exchange was sent', async () => {
    const { fake, api } = makeWorld()
    fake.server.on('/login', () => ({ statusCode: 503 }))
    const ensured = watch(api.ensureLogin({ data: { phone: 'p' } }), fake)
    await fake.clock.runAll()
    expect([ensured.code, fake.calls.logins, exchangesAt({ fake })]).toEqual(['LOGIN_FAILED', 1, 1])
  })

  test('login.retry: 0 means one code and no more', async () => {
    const { fake, api } = makeWorld({ client: { login: { url: '/login', retry: 0 } } })
    fake.server.on('/login', () => ({ statusCode: 500 }))
    const ensured = watch(api.ensureLogin(), fake)
    await fake.clock.runAll()
    expect([ensured.code, fake.calls.logins]).toEqual(['LOGIN_FAILED', 1])
  })

  test('when the host of the exchange cannot be reached, the next one gets a new code', async () => {
    const { fake, api } = makeWorld({ client: { baseURL: ['https://one.test', 'https://two.test'] } })
    fake.misbehave('request', { fail: { errMsg: 'fail errcode:-102 net::ERR_CONNECTION_REFUSED' } }, 1)
    const ensured = watch(api.ensureLogin(), fake)
    await fake.clock.runAll()
    expect(ensured.code).toBe('ok')
    expect(fake.server.requests.map(({ url, json }) => [url, json])).toEqual([
      ['https://two.test/login', { code: 'code-2' }],
    ])
  })

  test('a login that setSession() ends while its request waits for a lane sends no code', async () => {
    const world = makeWorld({ stored: 'good' })
    const { fake, api } = world
    await soon(fake, api.get('/first'))
    fake.server.hold('/held')
    const held = times(10, () => watch(api.get('/held'), fake))
    const forced = watch(api.ensureLogin({ force: true }), fake)
    await fake.clock.advance(100)
    api.setSession(fake.server.issue('set'))
    fake.server.release('/held')
    await fake.clock.runAll()
    expect([forced.value?.token, exchangesAt(world)]).toEqual(['set', 0])
    expect(new Set(codesOf(held))).toEqual(new Set(['ok']))
  })

  test('nor does one that setSession() ends in header()', async () => {
    let hasSet = false
    const header = () => {
      if (!hasSet) {
        hasSet = true
        world.api.setSession(world.fake.server.issue('set'))
      }
      return {}
    }
    const world: ReturnType<typeof makeWorld> = makeWorld({ client: { header } })
    const { fake, api } = world
    const asked = watch(api.ensureLogin(), fake)
    await fake.clock.runAll()
    expect([asked.value?.token, exchangesAt(world)]).toEqual(['set', 0])
  })
})
