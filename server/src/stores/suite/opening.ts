import assert from 'node:assert/strict'
import { MINUTE, NOW, login, newUser, opening, random, sealedOf, stateOf, won, type It } from './given.ts'

/** Who logs in, alone and at once. */
export function openingTests(it: It): void {
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

  it('a login that makes room for itself is shared as any other', async (store) => {
    const user = newUser()
    for (let at = 0; at < 2; at += 1) await login(store, { user, limit: 2, now: NOW + at })
    const made = await login(store, { user, limit: 2, share: 5000, now: NOW + MINUTE })
    const second = await store.open(opening({ user, limit: 2, share: 5000, now: NOW + MINUTE + 1 }))
    assert.deepEqual([won(second), sealedOf(second)], [false, made.sealed])
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
}
