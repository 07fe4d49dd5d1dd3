import { memoryStore, type AuthEvent } from '../../src/index.ts'
import { DAY, HOUR, OTHER_SECRET, SECRET, setUp, stateOf } from './helpers.ts'

test('a code becomes a session, which opens the door', async () => {
  const { auth } = setUp<{ role: string }>({ onLogin: () => ({ user: 'u1', data: { role: 'admin' } }) })
  const login = await auth.login({ code: 'alice-1' })
  expect(login.token).toMatch(/^mps_[\w-]{43}$/)
  expect(login).toMatchObject({ expiresIn: 30 * 86_400, idleTimeout: 7 * 86_400, isNewSession: true })
  expect(await auth.authenticate(login.token)).toMatchObject({ user: 'u1', data: { role: 'admin' } })
  for (const nobody of [undefined, '', 'x', `mps_${'A'.repeat(43)}`]) {
    expect(await auth.authenticate(nobody)).toBeUndefined()
  }
})

test('five logins of one account at once get one session', async () => {
  const { auth, clock, login } = setUp()
  const tokens = await Promise.all(Array.from({ length: 5 }, () => login('alice')))
  expect(new Set(tokens).size).toBe(1)
  clock.advance(5000)
  const later = await login('alice')
  expect(tokens).not.toContain(later)
  expect(await stateOf(auth, tokens[0] ?? '')).toBe('alice')
})

test('use moves the idle end, and nothing moves the absolute one', async () => {
  const { auth, clock, login } = setUp({ lifetime: { idle: '2h', absolute: '24h', rotate: false } })
  const token = await login('alice')
  for (let hours = 0; hours < 23; hours += 1) {
    clock.advance(HOUR)
    expect(await stateOf(auth, token)).toBe('alice')
  }
  clock.advance(HOUR)
  expect(await stateOf(auth, token)).toBe('nobody')
  const idle = await login('alice')
  clock.advance(2 * HOUR)
  expect(await stateOf(auth, idle)).toBe('nobody')
})

describe('rotation', () => {
  test('in the second half of its life a session offers one next token with every answer', async () => {
    const { auth, clock, login } = setUp({ lifetime: { idle: '30d' } })
    const token = await login('alice')
    clock.advance(15 * DAY - 1)
    expect(await auth.authenticate(token)).not.toHaveProperty('next')
    clock.advance(1)
    const all = await Promise.all(Array.from({ length: 10 }, () => auth.authenticate(token)))
    const next = all[0]?.next
    expect(new Set(all.map((session) => session?.next?.token)).size).toBe(1)
    expect(next?.expiresIn).toBe(30 * 86_400)
    expect(await stateOf(auth, next?.token ?? '')).toBe('alice')
  })

  test('the old token stays good for a minute after the next one is used, and not longer', async () => {
    const { auth, clock, login } = setUp({ lifetime: { idle: '30d' } })
    const token = await login('alice')
    clock.advance(16 * DAY)
    const next = (await auth.authenticate(token))?.next?.token ?? ''
    clock.advance(DAY)
    expect(await stateOf(auth, token)).toBe('alice')
    expect(await stateOf(auth, next)).toBe('alice')
    clock.advance(59_999)
    expect(await stateOf(auth, token)).toBe('alice')
    clock.advance(1)
    expect([await stateOf(auth, token), await stateOf(auth, next)]).toEqual(['nobody', 'alice'])
  })

  test('somebody who comes every day is logged in for good', async () => {
    const { auth, clock, login, provider } = setUp()
    let token = await login('alice')
    for (let day = 0; day < 400; day += 1) {
      clock.advance(DAY)
      const session = await auth.authenticate(token)
      expect(session?.user).toBe('alice')
      token = session?.next?.token ?? token
    }
    expect(provider.asked).toHaveLength(1)
    expect(await auth.list('alice')).toHaveLength(1)
  })

  test('the next token does not idle while the old one is used: who takes it late is not logged out', async () => {
    const { auth, clock, login } = setUp({ secrets: [SECRET] })
    const token = await login('alice')
    for (let day = 1; day < 30; day += 1) {
      clock.advance(DAY)
      const next = (await auth.authenticate(token))?.next
      expect(next === undefined).toBe(day < 15)
    }
    const next = (await auth.authenticate(token))?.next?.token ?? ''
    expect(await stateOf(auth, next)).toBe('alice')
  })

  test('neither token is good any more once both have idled', async () => {
    const { auth, clock, login } = setUp()
    const token = await login('alice')
    for (let day = 1; day < 16; day += 1) {
      clock.advance(DAY)
      await auth.authenticate(token)
    }
    const next = (await auth.authenticate(token))?.next?.token ?? ''
    clock.advance(7 * DAY)
    expect([await stateOf(auth, token), await stateOf(auth, next)]).toEqual(['nobody', 'nobody'])
  })

  test('a logout ends both tokens', async () => {
    const { auth, clock, login } = setUp({ lifetime: { idle: '30d' } })
    const token = await login('alice')
    clock.advance(16 * DAY)
    const next = (await auth.authenticate(token))?.next?.token ?? ''
    await auth.logout(token)
    expect([await stateOf(auth, token), await stateOf(auth, next)]).toEqual(['nobody', 'nobody'])
  })
})

test('who was replaced or revoked is told so; who logged out is nobody', async () => {
  const { auth, clock, login } = setUp({ sessionsPerUser: 'single' })
  const first = await login('alice')
  clock.advance(6000)
  const second = await login('alice')
  expect([await stateOf(auth, first), await stateOf(auth, second)]).toEqual(['SESSION_REPLACED', 'alice'])
  expect(await auth.revoke({ user: 'alice' })).toBe(1)
  expect(await stateOf(auth, second)).toBe('SESSION_REVOKED')
  await auth.logout(second)
  await auth.logout(second)
  expect(await stateOf(auth, second)).toBe('nobody')
})

test('who is blocked is out everywhere, and cannot log in until unblocked', async () => {
  const { auth, login } = setUp()
  const token = await login('alice')
  await auth.block('alice', { reason: 'spam' })
  expect(await stateOf(auth, token)).toBe('SESSION_REVOKED')
  await expect(login('alice')).rejects.toMatchObject({ status: 403, code: 'LOGIN_BLOCKED' })
  await auth.unblock('alice')
  expect(await stateOf(auth, await login('alice'))).toBe('alice')
})

test.each([[undefined], [''], [7]])(
  'what is meant for no user (%j) is refused: nobody takes it for done',
  async (user) => {
    const { auth } = setUp()
    const none = user as string
    const calls = [
      auth.block(none, { reason: 'spam' }),
      auth.unblock(none),
      auth.revoke({ user: none }),
      auth.list(none),
    ]
    for (const call of calls) await expect(call).rejects.toThrow('user must be an id')
  },
)

test('a block with an end that is no date is refused, and ends nothing', async () => {
  const { auth, login } = setUp()
  const token = await login('alice')
  for (const until of [new Date('tomorrow'), 'tomorrow', 1_800_000_000]) {
    await expect(auth.block('alice', { until: until as Date, reason: 'spam' })).rejects.toThrow(
      'until must be a Date',
    )
  }
  expect(await stateOf(auth, token)).toBe('alice')
})

test('with a new secret in front everybody stays logged in; without the old one nobody does', async () => {
  const store = memoryStore()
  const { auth, clock, login } = setUp({ store })
  const token = await login('alice')
  const both = setUp({ store, clock, secrets: [OTHER_SECRET, SECRET] })
  expect(await stateOf(both.auth, token)).toBe('alice')
  const fresh = await both.login('alice')
  expect(fresh).toBe(token)
  expect(await stateOf(setUp({ store, clock, secrets: [OTHER_SECRET] }).auth, token)).toBe('nobody')
  expect(await stateOf(auth, token)).toBe('alice')
})

test('the same store and secret under another namespace accepts nothing', async () => {
  const store = memoryStore()
  const { clock, login } = setUp({ store })
  const token = await login('alice')
  expect(await stateOf(setUp({ store, clock, namespace: 'other' }).auth, token)).toBe('nobody')
})

test('neither token nor session_key is in the store, nor in an event', async () => {
  const store = memoryStore()
  const kept: unknown[] = []
  const events: AuthEvent[] = []
  const sessionKey = 'tiihtNczf5v6AKRyjwEUhQ=='
  const { auth, provider } = setUp({
    store: {
      ...store,
      create(namespace) {
        const inner = store.create(namespace)
        const open = inner.open.bind(inner)
        inner.open = (opening) => {
          kept.push(opening)
          return open(opening)
        }
        return inner
      },
    },
  })
  provider.exchange = () => Promise.resolve({ app: provider.id, openid: 'alice', sessionKey })
  auth.on((event) => events.push(event))
  const { token } = await auth.login({ code: 'alice-1' })
  await auth.authenticate(token)
  expect(kept).toHaveLength(1)
  expect(events.map(({ type }) => type)).toEqual(['platform', 'store', 'login', 'store', 'lookup'])
  const text = JSON.stringify([kept, events])
  for (const secret of [token, token.slice(4), sessionKey]) expect(text).not.toContain(secret)
})

test('a listener that throws refuses nobody', async () => {
  const { auth, login } = setUp()
  const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
  auth.on(() => {
    throw new Error('a bug')
  })
  expect(await stateOf(auth, await login('alice'))).toBe('alice')
  expect(warned).toHaveBeenCalledWith(expect.stringContaining('a bug'))
  warned.mockRestore()
})
