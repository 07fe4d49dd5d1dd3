import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type { Opened, Opening, SessionStore, StoredSession } from './store.ts'

type Test = (name: string, run: () => Promise<void>) => void

const NOW = Date.UTC(2026, 5, 1)
const MINUTE = 60_000
const DAY = 86_400_000

const random = (bytes = 32): string => randomBytes(bytes).toString('base64url')

let users = 0
/** Each test has users that nobody else has. */
const newUser = (): string => `user-${random(6)}-${(users += 1)}`

interface Given {
  user?: string
  account?: string
  now?: number
  share?: number
  limit?: number
  single?: boolean
  idle?: number
  absolute?: number
  sessionKey?: string
  openid?: string
  data?: string
  id?: string
}

function opening(given: Given = {}): Opening {
  const { user = newUser(), now = NOW, share = 0, limit = 20, single = false } = given
  const { idle = DAY, absolute = 30 * DAY, account = `account of ${user}`, data } = given
  return {
    hash: random(),
    session: {
      id: given.id ?? random(9),
      user,
      app: 'wechat:wx1',
      account,
      createdAt: now,
      seenAt: now,
      idleEnds: now + idle,
      absoluteEnds: now + absolute,
      ...(data === undefined ? {} : { data }),
    },
    sealed: random(60),
    openid: given.openid ?? `openid of ${user}`,
    sessionKey: given.sessionKey,
    now,
    shareUntil: now + share,
    limit,
    single,
  }
}

/** What a token's record says now: that it is dead, or who ended it. */
async function stateOf(store: SessionStore, hash: string, now = NOW): Promise<string> {
  const session = await store.find(hash)
  if (!session || session.idleEnds <= now || session.absoluteEnds <= now) return 'dead'
  return session.ended ?? 'alive'
}

const won = (opened: Opened): boolean => opened.blocked === undefined && opened.won
const sealedOf = (opened: Opened): string | undefined => (opened.blocked ? undefined : opened.sealed)

/**
 * What a store promises, as tests for any runner: `storeSuite(test, () => myStore.create('tests'))`. `open` is called once
 * for each test; the store may be the same one.
 */
export function storeSuite(
  test: Test,
  open: (namespace: string) => Promise<SessionStore> | SessionStore,
): void {
  const it = (name: string, run: (store: SessionStore) => Promise<void>): void =>
    test(name, async () => run(await open('suite')))

  /** Opens one session, and says under which hash. */
  async function login(store: SessionStore, given: Given): Promise<Opening> {
    const made = opening(given)
    const opened = await store.open(made)
    assert.ok(won(opened), 'a login by itself opens a session')
    return made
  }

  it('a session that was opened is found, as it was', async (store) => {
    const made = opening({ data: '{"role":"admin"}' })
    const opened = await store.open(made)
    assert.deepEqual(opened, { won: true, sealed: made.sealed, absoluteEnds: made.session.absoluteEnds })
    assert.deepEqual(await store.find(made.hash), made.session)
  })

  it('a hash that nobody has is not found', async (store) => {
    assert.equal(await store.find(random()), undefined)
  })

  it('of logins of one account at once one wins, and all get its token', async (store) => {
    const user = newUser()
    const all = Array.from({ length: 20 }, () => opening({ user, share: 5000 }))
    const opened = await Promise.all(all.map((made) => store.open(made)))
    assert.equal(opened.filter(won).length, 1)
    const winner = all[opened.findIndex(won)]
    assert.deepEqual([...new Set(opened.map(sealedOf))], [winner?.sealed])
    const states = await Promise.all(all.map(({ hash }) => stateOf(store, hash)))
    assert.equal(states.filter((state) => state === 'alive').length, 1)
    assert.equal((await store.list(user)).length, 1)
  })

  it('a login after the shared seconds gets a session of its own, one within them does not', async (store) => {
    const user = newUser()
    const first = await login(store, { user, share: 5000 })
    const within = await store.open(opening({ user, share: 5000, now: NOW + 4999 }))
    assert.deepEqual([won(within), sealedOf(within)], [false, first.sealed])
    assert.ok(won(await store.open(opening({ user, share: 5000, now: NOW + 5000 }))))
  })

  it('who gets the token of another login is told its end, not their own', async (store) => {
    const user = newUser()
    const first = await login(store, { user, share: 5000 })
    const second = await store.open(opening({ user, share: 5000, now: NOW + 3000 }))
    assert.equal(second.blocked === undefined && second.absoluteEnds, first.session.absoluteEnds)
  })

  it('two accounts of one user do not share a session', async (store) => {
    const user = newUser()
    await login(store, { user, share: 5000, account: 'phone' })
    await login(store, { user, share: 5000, account: 'tablet' })
    assert.equal((await store.list(user)).length, 2)
  })

  it('an account that now belongs to another user does not share with the one before', async (store) => {
    const [before, after] = [newUser(), newUser()]
    await login(store, { user: before, share: 5000, account: 'moved' })
    const made = await login(store, { user: after, share: 5000, account: 'moved' })
    assert.equal((await store.find(made.hash))?.user, after)
  })

  for (const as of ['gone', 'revoked'] as const) {
    it(`a token that ended (${as}) within the shared seconds is not handed out again`, async (store) => {
      const user = newUser()
      const { session } = await login(store, { user, share: 5000 })
      await store.end({ user, id: session.id }, as, NOW + 1)
      const second = await login(store, { user, share: 5000, now: NOW + 2 })
      assert.equal(await stateOf(store, second.hash), 'alive')
    })
  }

  it('a token that expired within the shared seconds is not handed out again', async (store) => {
    const user = newUser()
    await login(store, { user, share: 5000, idle: 1000 })
    await login(store, { user, share: 5000, idle: 1000, now: NOW + 2000 })
  })

  it('one session more than the limit, and the oldest is gone', async (store) => {
    const user = newUser()
    const hashes: string[] = []
    for (let login_ = 0; login_ < 4; login_ += 1) {
      hashes.push((await login(store, { user, limit: 3, now: NOW + login_ * MINUTE })).hash)
    }
    const states = await Promise.all(hashes.map((hash) => stateOf(store, hash, NOW + 4 * MINUTE)))
    assert.deepEqual(states, ['dead', 'alive', 'alive', 'alive'])
  })

  it('what has expired or was revoked takes nobody’s place', async (store) => {
    const user = newUser()
    const kept = await login(store, { user, limit: 2 })
    await login(store, { user, limit: 2, idle: MINUTE, now: NOW + 1 })
    const revoked = await login(store, { user, limit: 2, now: NOW + 2 * MINUTE })
    await store.end({ user, id: revoked.session.id }, 'revoked', NOW + 2 * MINUTE)
    await login(store, { user, limit: 2, now: NOW + 3 * MINUTE })
    assert.equal(await stateOf(store, kept.hash, NOW + 3 * MINUTE), 'alive')
    assert.equal(await stateOf(store, revoked.hash, NOW + 3 * MINUTE), 'revoked')
  })

  it('where a user has a single session, a new one replaces the others, which are told so', async (store) => {
    const user = newUser()
    const [one, two] = [await login(store, { user }), await login(store, { user })]
    const other = await login(store, {})
    const last = await login(store, { user, single: true, limit: 1, now: NOW + 1 })
    const states = [one, two, other, last].map(({ hash }) => stateOf(store, hash))
    assert.deepEqual(await Promise.all(states), ['replaced', 'replaced', 'alive', 'alive'])
  })

  it('a single session is shared by logins at once, and not replaced by them', async (store) => {
    const user = newUser()
    const all = Array.from({ length: 5 }, () => opening({ user, share: 5000, single: true, limit: 1 }))
    const opened = await Promise.all(all.map((made) => store.open(made)))
    const winner = all[opened.findIndex(won)]
    assert.equal(opened.filter(won).length, 1)
    assert.equal(await stateOf(store, winner?.hash ?? ''), 'alive')
  })

  it('a touch moves the idle end', async (store) => {
    const { hash, session } = await login(store, {})
    await store.touch(hash, NOW, { seenAt: NOW + 1, idleEnds: NOW + 7 * DAY })
    assert.deepEqual(await store.find(hash), { ...session, seenAt: NOW + 1, idleEnds: NOW + 7 * DAY })
  })

  it('a touch counts only if nobody touched it meanwhile', async (store) => {
    const { hash } = await login(store, {})
    await store.touch(hash, NOW, { seenAt: NOW + 2, idleEnds: NOW + 2 * DAY })
    await store.touch(hash, NOW, { seenAt: NOW + 1, idleEnds: NOW + DAY + 1 })
    assert.equal((await store.find(hash))?.seenAt, NOW + 2)
  })

  it('a late touch brings back nobody', async (store) => {
    const [gone, revoked] = [await login(store, {}), await login(store, {})]
    await store.end({ user: gone.session.user }, 'gone', NOW)
    await store.end({ user: revoked.session.user }, 'revoked', NOW)
    for (const { hash } of [gone, revoked])
      await store.touch(hash, NOW, { seenAt: NOW + 1, idleEnds: NOW + 9 * DAY })
    assert.equal(await stateOf(store, gone.hash), 'dead')
    assert.equal(await stateOf(store, revoked.hash), 'revoked')
    assert.equal((await store.list(gone.session.user)).length, 0)
  })

  /** The session that follows, as the core makes it. */
  const following = (made: Opening, now = NOW + 16 * DAY) => ({
    hash: random(),
    sealed: random(60),
    session: {
      ...made.session,
      seenAt: now,
      idleEnds: now + DAY,
      absoluteEnds: now + 30 * DAY,
      follows: made.hash,
    } satisfies StoredSession,
    now,
  })

  it('of rotations at once the first one wins, and all offer its token', async (store) => {
    const made = await login(store, { idle: 30 * DAY })
    const all = Array.from({ length: 10 }, () => following(made))
    const offered = await Promise.all(all.map((next) => store.rotate(made.hash, next)))
    const [first] = offered
    assert.equal(new Set(offered.map((next) => next?.sealed)).size, 1)
    const winner = all.find(({ sealed }) => sealed === first?.sealed)
    assert.equal(first?.absoluteEnds, winner?.session.absoluteEnds)
    assert.deepEqual(await store.find(winner?.hash ?? ''), winner?.session)
    assert.deepEqual((await store.find(made.hash))?.next, first)
    for (const { hash } of all) if (hash !== winner?.hash) assert.equal(await store.find(hash), undefined)
  })

  it('a session that has ended does not rotate', async (store) => {
    const [gone, revoked] = [await login(store, {}), await login(store, {})]
    await store.end({ user: gone.session.user }, 'gone', NOW)
    await store.end({ user: revoked.session.user }, 'revoked', NOW)
    for (const made of [gone, revoked]) {
      const next = following(made)
      assert.equal(await store.rotate(made.hash, next), undefined)
      assert.equal(await store.find(next.hash), undefined)
    }
  })

  it('once the next token is used the one before ends soon, and never later than it would have', async (store) => {
    const made = await login(store, { idle: 30 * DAY })
    const next = following(made)
    await store.rotate(made.hash, next)
    await store.retire(next.hash, made.hash, next.now + MINUTE, next.now)
    assert.equal((await store.find(made.hash))?.absoluteEnds, next.now + MINUTE)
    assert.equal((await store.find(next.hash))?.follows, undefined)
    await store.retire(next.hash, made.hash, next.now + 5 * MINUTE, next.now)
    assert.equal((await store.find(made.hash))?.absoluteEnds, next.now + MINUTE)
  })

  it('what follows is touched as any other, also before it is said what it follows', async (store) => {
    const made = await login(store, { idle: 30 * DAY })
    const next = following(made)
    await store.rotate(made.hash, next)
    await store.touch(next.hash, next.now, { seenAt: next.now + 1, idleEnds: next.now + 2 * DAY })
    assert.equal((await store.find(next.hash))?.follows, made.hash)
    assert.equal((await store.find(next.hash))?.seenAt, next.now + 1)
  })

  it('a session ends under both of its tokens, and is counted once', async (store) => {
    const made = await login(store, { idle: 30 * DAY })
    const next = following(made)
    await store.rotate(made.hash, next)
    const { user, id } = made.session
    assert.equal((await store.list(user)).length, 2)
    assert.equal(await store.end({ user, id }, 'gone', next.now), 1)
    assert.equal(await stateOf(store, made.hash, next.now), 'dead')
    assert.equal(await stateOf(store, next.hash, next.now), 'dead')
  })

  it('a rotating session takes one place of the limit', async (store) => {
    const made = await login(store, { idle: 30 * DAY })
    const { user } = made.session
    const next = following(made)
    await store.rotate(made.hash, next)
    await login(store, { user, limit: 2, now: next.now })
    assert.equal(await stateOf(store, next.hash, next.now), 'alive')
    await login(store, { user, limit: 2, now: next.now + 1 })
    assert.equal(await stateOf(store, next.hash, next.now), 'dead')
    assert.equal(await stateOf(store, made.hash, next.now), 'dead')
  })

  it('one session ends by its id, and no other', async (store) => {
    const user = newUser()
    const [one, two] = [await login(store, { user }), await login(store, { user })]
    assert.equal(await store.end({ user, id: one.session.id }, 'gone', NOW), 1)
    assert.deepEqual([await stateOf(store, one.hash), await stateOf(store, two.hash)], ['dead', 'alive'])
    assert.equal(await store.end({ user, id: one.session.id }, 'gone', NOW), 0)
  })

  it('nobody ends the session of another user by its id', async (store) => {
    const made = await login(store, {})
    assert.equal(await store.end({ user: newUser(), id: made.session.id }, 'gone', NOW), 0)
    assert.equal(await stateOf(store, made.hash), 'alive')
  })

  it('all sessions but one end, and those of other users stay', async (store) => {
    const user = newUser()
    const made = []
    for (let login_ = 0; login_ < 3; login_ += 1) made.push(await login(store, { user }))
    const other = await login(store, {})
    assert.equal(await store.end({ user, except: made[1]?.session.id ?? '' }, 'revoked', NOW), 2)
    const states = [...made, other].map(({ hash }) => stateOf(store, hash))
    assert.deepEqual(await Promise.all(states), ['revoked', 'alive', 'revoked', 'alive'])
  })

  it('who ended it first is told; a logout makes it as if it had never been', async (store) => {
    const { hash, session } = await login(store, {})
    await store.end({ user: session.user }, 'replaced', NOW)
    assert.equal(await store.end({ user: session.user }, 'revoked', NOW), 0)
    assert.equal(await stateOf(store, hash), 'replaced')
    await store.end({ user: session.user, id: session.id }, 'gone', NOW)
    assert.equal(await stateOf(store, hash), 'dead')
  })

  it('what had expired is not counted as ended', async (store) => {
    const { session } = await login(store, { idle: MINUTE })
    assert.equal(await store.end({ user: session.user }, 'revoked', NOW + 2 * MINUTE), 0)
  })

  it('a list has every session of a user with its hash, and none of others', async (store) => {
    const user = newUser()
    const made = [await login(store, { user }), await login(store, { user })]
    await login(store, {})
    const list = await store.list(user)
    assert.deepEqual(
      new Map(list.map(({ hash, session }) => [hash, session])),
      new Map(made.map(({ hash, session }) => [hash, session])),
    )
    assert.deepEqual(await store.list(newUser()), [])
  })

  it('an account keeps its openid and the newest key; a login without one loses none', async (store) => {
    const user = newUser()
    const account = { user, account: 'a', openid: 'oAbC', share: 5000 }
    await store.open(opening({ ...account, sessionKey: 'first' }))
    await store.open(opening({ ...account, sessionKey: 'second' }))
    assert.deepEqual(await store.account(user, 'a'), { openid: 'oAbC', sessionKey: 'second' })
    await store.open(opening(account))
    assert.deepEqual(await store.account(user, 'a'), { openid: 'oAbC', sessionKey: 'second' })
    assert.equal(await store.account(user, 'b'), undefined)
    assert.equal(await store.account(newUser(), 'a'), undefined)
  })

  it('who is blocked opens nothing, until then or for ever', async (store) => {
    const user = newUser()
    await store.block(user, { reason: 'spam 🚫', until: NOW + MINUTE }, NOW)
    const made = opening({ user })
    assert.deepEqual(await store.open(made), { blocked: { reason: 'spam 🚫', until: NOW + MINUTE } })
    assert.equal(await store.find(made.hash), undefined)
    assert.deepEqual(await store.list(user), [])
    await login(store, { user, now: NOW + MINUTE })
    await store.block(user, { reason: 'fraud' }, NOW)
    const later = await store.open(opening({ user, now: NOW + 3000 * DAY }))
    assert.deepEqual(later, { blocked: { reason: 'fraud' } })
    await store.block(user, null, NOW)
    await login(store, { user, now: NOW + 2 * MINUTE })
  })

  it('a block is of one user', async (store) => {
    await store.block(newUser(), { reason: 'spam' }, NOW)
    await login(store, {})
  })

  it('names count letter by letter: case, trailing blanks, accents, braces, emoji, 255 characters', async (store) => {
    const base = newUser()
    const names = [
      '',
      ' ',
      'A',
      'a',
      'á',
      'ａ',
      '{x}',
      '{}',
      ':',
      "'",
      '"',
      '\\',
      '%',
      '_',
      '🏳️‍🌈',
      '小明',
    ].map((end) => base + end)
    names.push('n'.repeat(255 - base.length) + base, 'n'.repeat(254 - base.length) + base)
    const made = []
    for (const user of names) made.push(await login(store, { user, account: 'a', openid: user, share: 5000 }))
    for (const [index, user] of names.entries()) {
      const list = await store.list(user)
      assert.deepEqual(list, [{ hash: made[index]?.hash, session: made[index]?.session }])
      assert.equal((await store.account(user, 'a'))?.openid, user)
    }
    await store.end({ user: `${base}a` }, 'gone', NOW)
    assert.equal((await store.list(`${base}A`)).length, 1)
  })

  it('a kilobyte of data comes back as it was', async (store) => {
    const data = JSON.stringify({ nickname: '小明👨‍👩‍👧‍👦', rest: 'é'.repeat(450) })
    const { hash } = await login(store, { data })
    assert.equal((await store.find(hash))?.data, data)
  })

  it('what is shared is there until its time', async (store) => {
    const key = random(9)
    assert.equal(await store.shared.get(key, NOW), undefined)
    await store.shared.put(key, 'old', NOW + MINUTE, NOW)
    await store.shared.put(key, 'new 🎫', NOW + MINUTE, NOW)
    assert.equal(await store.shared.get(key, NOW + MINUTE - 1), 'new 🎫')
    assert.equal(await store.shared.get(key, NOW + MINUTE), undefined)
    assert.equal(await store.shared.get(`${key}2`, NOW), undefined)
  })

  it('a lease is one caller’s of all who ask, until its time', async (store) => {
    const key = random(9)
    const lease = (now: number) => store.shared.lease(key, now + MINUTE, now)
    const all = await Promise.all(Array.from({ length: 10 }, () => lease(NOW)))
    assert.equal(all.filter(Boolean).length, 1)
    assert.equal(await lease(NOW + MINUTE - 1), false)
    assert.equal(await store.shared.get(key, NOW), undefined)
  })

  test('two namespaces on one database know nothing of each other', async () => {
    const [store, other] = [await open('suite'), await open('suite-2')]
    const made = await login(store, { share: 5000, sessionKey: 'k' })
    const { user, account } = made.session
    const key = random(9)
    await store.shared.put(key, 'x', NOW + MINUTE, NOW)
    assert.equal(await other.find(made.hash), undefined)
    assert.deepEqual(await other.list(user), [])
    assert.equal(await other.account(user, account), undefined)
    assert.equal(await other.shared.get(key, NOW), undefined)
    await other.block(user, { reason: 'there' }, NOW)
    assert.equal(await other.end({ user }, 'gone', NOW), 0)
    const again = await store.open(opening({ user, account, share: 5000 }))
    assert.deepEqual([won(again), sealedOf(again)], [false, made.sealed])
  })

  it('it answers', async (store) => {
    await store.ping()
  })
}
