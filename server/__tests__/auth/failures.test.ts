import {
  memoryStore,
  refuse,
  Refused,
  type AuthEvent,
  type RefusalKind,
  type SessionStore,
} from '../../src/index.ts'
import { DAY, fakeProvider, setUp, stateOf } from './helpers.ts'

test.each<[RefusalKind, number, string, number | undefined]>([
  ['code', 400, 'CODE_INVALID', undefined],
  ['blocked', 403, 'LOGIN_BLOCKED', undefined],
  ['limit', 429, 'TOO_MANY_LOGINS', 60],
  ['user-limit', 429, 'TOO_MANY_LOGINS', 60],
  ['busy', 503, 'PLATFORM_BUSY', 1],
  ['unavailable', 503, 'PLATFORM_UNAVAILABLE', 1],
  ['config', 500, 'INTERNAL', undefined],
])('a platform that refuses with "%s" is %i %s', async (kind, status, code, retryAfter) => {
  const { auth, provider } = setUp()
  provider.exchange = () => Promise.reject(new Refused(kind, 'no', { errcode: 7, rid: 'r-1' }))
  const events: AuthEvent[] = []
  auth.on((event) => events.push(event))
  await expect(auth.login({ code: 'a-1' })).rejects.toMatchObject({ status, code, retryAfter })
  expect(events).toMatchObject([
    { type: 'platform', errcode: 7 },
    { type: 'login-refused', kind, errcode: 7, rid: 'r-1', status },
  ])
})

test('a platform that has had enough is left alone for a minute; one user who has, stops nobody', async () => {
  const { auth, provider, clock } = setUp()
  let asked = 0
  const answerWith = (kind: RefusalKind) => {
    provider.exchange = () => Promise.reject(new Refused(kind, `no ${String((asked += 1))}`))
  }
  answerWith('user-limit')
  for (const code of ['a', 'b']) await auth.login({ code }).catch(() => undefined)
  expect(asked).toBe(2)
  answerWith('limit')
  for (const code of ['c', 'd', 'e']) await auth.login({ code }).catch(() => undefined)
  expect(asked).toBe(3)
  clock.advance(60_000)
  await auth.login({ code: 'f' }).catch(() => undefined)
  expect(asked).toBe(4)
})

test('the same code twice goes to the platform once, and gets the same answer', async () => {
  const { auth, provider } = setUp()
  const [one, two] = await Promise.all([auth.login({ code: 'alice-1' }), auth.login({ code: 'alice-1' })])
  expect(two).toEqual(one)
  expect(await auth.login({ code: 'alice-1' })).toEqual(one)
  expect(provider.asked).toEqual(['alice-1'])
})

test('a code that is sent again after its logout is a used one, and brings no dead token', async () => {
  const { auth, provider } = setUp()
  const { token } = await auth.login({ code: 'alice-1' })
  await auth.logout(token)
  await expect(auth.login({ code: 'alice-1' })).rejects.toMatchObject({ status: 400, code: 'CODE_INVALID' })
  expect(provider.asked).toEqual(['alice-1'])
})

test('a clock that was set back holds nobody back, and brings no code to life again', async () => {
  const { auth, provider, clock } = setUp()
  await auth.login({ code: 'alice-1' })
  clock.advance(-DAY)
  await auth.login({ code: 'alice-1' })
  expect(provider.asked).toEqual(['alice-1', 'alice-1'])
  const exchange = provider.exchange.bind(provider)
  provider.exchange = () => Promise.reject(new Refused('limit', 'no'))
  await expect(auth.login({ code: 'bob-1' })).rejects.toMatchObject({ status: 429 })
  provider.exchange = exchange
  clock.advance(-DAY)
  expect(await auth.login({ code: 'bob-2' })).toMatchObject({ isNewSession: true })
})

test.each([[{ openid: undefined }], [{ openid: '' }], [{ openid: 7 }]])(
  'a provider that names nobody (%j) is a mistake of the server, and no user whom all share',
  async (identity) => {
    const provider = fakeProvider(() => Promise.resolve(identity as never))
    const { auth } = setUp({ apps: [provider], onLogin: undefined as never })
    const events: AuthEvent[] = []
    auth.on((event) => events.push(event))
    await expect(auth.login({ code: 'alice-1' })).rejects.toMatchObject({ status: 500, code: 'INTERNAL' })
    const { cause } = events.at(-1) as { cause?: Error }
    expect(cause?.message).toContain('openid')
  },
)

test('a login that missed its deadline opens no session later: nobody has its token, and it replaces nobody', async () => {
  const store = memoryStore()
  const given = { store, sessionsPerUser: 'single', share: 0 } as const
  const { auth, login } = setUp(given)
  const token = await login('alice')
  let finish: (user: string) => void = () => undefined
  const slow = setUp({
    ...given,
    deadline: { login: 20 },
    onLogin: () => new Promise<string>((resolve) => (finish = resolve)),
  })
  await expect(slow.auth.login({ code: 'alice-2' })).rejects.toMatchObject({ status: 503 })
  finish('alice')
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  expect(await auth.list('alice')).toHaveLength(1)
  expect(await stateOf(auth, token)).toBe('alice')
})

test('a listener that fails, at once or later, is warned of and refuses nobody', async () => {
  const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
  const { auth, login } = setUp()
  const stops = [
    auth.on(() => {
      throw new Error('at once')
    }),
    auth.on(() => Promise.reject(new Error('later'))),
  ]
  expect(await login('alice')).toMatch(/^mps_/)
  await new Promise((resolve) => setImmediate(resolve))
  const said = warned.mock.calls.map(([text]) => String(text))
  expect(said).toContain('A listener of auth.on() threw: Error: at once')
  expect(said).toContain('A listener of auth.on() threw: Error: later')
  for (const stop of stops) stop()
  warned.mockRestore()
})

test('a platform that hangs makes a 503 at its deadline, and is told to stop', async () => {
  const { auth, provider } = setUp({ deadline: { provider: 20 } })
  let signal: AbortSignal | undefined
  provider.exchange = (_, context) => {
    signal = context.signal
    return new Promise(() => undefined)
  }
  await expect(auth.login({ code: 'a-1' })).rejects.toMatchObject({
    status: 503,
    code: 'PLATFORM_UNAVAILABLE',
  })
  expect(signal?.aborted).toBe(true)
})

test('onLogin keeps somebody out, and its mistakes are a 500 that tells nothing', async () => {
  const banned = setUp({
    onLogin: () => {
      throw refuse(403, 'BANNED', 'This account is closed.')
    },
  })
  await expect(banned.login('alice')).rejects.toMatchObject({ status: 403, code: 'BANNED' })
  const cause = new Error('users is undefined')
  const broken = setUp({ onLogin: () => Promise.reject(cause) })
  const events: AuthEvent[] = []
  broken.auth.on((event) => events.push(event))
  const told = await broken.login('alice').catch((error: unknown) => error)
  expect(told).toMatchObject({ status: 500, code: 'INTERNAL', message: 'The server made a mistake.' })
  expect(events.at(-1)).toMatchObject({ type: 'login-refused', cause })
})

/** A memory store of which single operations can be replaced. */
function brokenStore(change: (store: SessionStore) => Partial<SessionStore>) {
  const factory = memoryStore()
  return {
    ...factory,
    create(namespace: string) {
      const store = factory.create(namespace)
      return Object.assign(store, change(store))
    },
  }
}

describe('a store that is down', () => {
  const refused = () =>
    Promise.reject(Object.assign(new Error('mysql://user:password@host'), { code: 'ECONNREFUSED' }))

  test('is a 503 for everybody, and never "nobody has this token"', async () => {
    const down = { find: refused, open: refused, list: refused, end: refused, ping: refused }
    const { auth, login } = setUp({ store: brokenStore(() => down) })
    const events: AuthEvent[] = []
    auth.on((event) => events.push(event))
    const expected = { status: 503, code: 'STORE_UNAVAILABLE', retryAfter: 1 }
    await expect(auth.authenticate(`mps_${'A'.repeat(43)}`)).rejects.toMatchObject(expected)
    await expect(login('alice')).rejects.toMatchObject(expected)
    await expect(auth.list('alice')).rejects.toMatchObject(expected)
    await expect(
      auth.adapter.enterOptional({ authorization: `Bearer mps_${'A'.repeat(43)}` }),
    ).rejects.toMatchObject(expected)
    expect(events.filter(({ type }) => type === 'store-down')).toEqual([
      { type: 'store-down', store: 'memory', reason: 'ECONNREFUSED' },
    ])
    expect(JSON.stringify(events)).not.toContain('password')
    await auth.close()
  })

  test('that hangs makes one caller wait; the next is answered at once; and it is noticed when it is back', async () => {
    let wake: (() => void) | undefined
    const sleep = new Promise<void>((resolve) => (wake = resolve))
    let finds = 0
    const store = brokenStore(() => ({
      find: async () => {
        finds += 1
        await sleep
        return undefined
      },
      ping: () => sleep,
    }))
    const { auth } = setUp({ store, deadline: { store: 30 } })
    const token = `mps_${'A'.repeat(43)}`
    const up = new Promise<AuthEvent>((resolve) =>
      auth.on((event) => {
        if (event.type === 'store-up') resolve(event)
      }),
    )
    for (let request = 0; request < 3; request += 1) {
      await expect(auth.authenticate(token)).rejects.toMatchObject({ status: 503 })
    }
    expect(finds).toBe(1)
    wake?.()
    expect(await up).toMatchObject({ refused: 2 })
    expect(await auth.authenticate(token)).toBeUndefined()
    await auth.close()
  })

  test('why one call fails is told once, until it works again or fails for another reason', async () => {
    let cause: Error | undefined
    const find = () => (cause ? Promise.reject(cause) : Promise.resolve(undefined))
    const { auth } = setUp({ store: brokenStore(() => ({ find })) })
    const told: unknown[] = []
    auth.on((event) => {
      if (event.type === 'store-failed') told.push([event.operation, event.cause])
    })
    const token = `mps_${'A'.repeat(43)}`
    const [full, denied] = [new Error('OOM command not allowed'), new TypeError('NOPERM')]
    for (const now of [full, full, undefined, full, denied, denied]) {
      cause = now
      await auth.authenticate(token).catch(() => undefined)
    }
    expect(told).toEqual([
      ['find', full],
      ['find', full],
      ['find', denied],
    ])
    await auth.close()
  })

  test('an error of one call takes nobody else down', async () => {
    const { auth, login } = setUp({ store: brokenStore(() => ({ list: refused })) })
    await expect(auth.list('alice')).rejects.toMatchObject({ status: 503 })
    expect(await login('alice')).toMatch(/^mps_/)
  })
})
