import assert from 'node:assert/strict'
import { DAY, MINUTE, NOW, following, login, stateOf, type It } from './given.ts'

/** Touches, and tokens that follow each other. */
export function lifeTests(it: It): void {
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
}
