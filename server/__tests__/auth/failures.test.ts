import {
  memoryStore,
  refuse,
  Refused,
  type AuthEvent,
  type RefusalKind,
  type SessionStore,
} from '../../src/index.ts'
import { setUp } from './helpers.ts'

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

  test('an error of one call takes nobody else down', async () => {
    const { auth, login } = setUp({ store: brokenStore(() => ({ list: refused })) })
    await expect(auth.list('alice')).rejects.toMatchObject({ status: 503 })
    expect(await login('alice')).toMatch(/^mps_/)
  })
})
