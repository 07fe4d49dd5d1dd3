import assert from 'node:assert/strict'
import type { SessionStore } from '../store.ts'
import { MINUTE, NOW, login, opening, random, sealedOf, won, type Test } from './given.ts'

/** What shares a database and nothing else. */
export function namespaceTests(
  test: Test,
  open: (namespace: string) => Promise<SessionStore> | SessionStore,
): void {
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
}
