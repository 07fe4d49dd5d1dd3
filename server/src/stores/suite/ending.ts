import assert from 'node:assert/strict'
import { DAY, MINUTE, NOW, following, login, newUser, stateOf, type It } from './given.ts'

/** Logging out, being thrown out, and what lists say. */
export function endingTests(it: It): void {
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
}
