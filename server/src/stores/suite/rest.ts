import assert from 'node:assert/strict'
import { DAY, MINUTE, NOW, login, newUser, opening, random, type It } from './given.ts'

/** Accounts, blocks, names, and what processes share. */
export function restTests(it: It): void {
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

  it('a new key is kept for an account that is known, and for no other', async (store) => {
    const user = newUser()
    await store.open(opening({ user, account: 'a', openid: 'o', sessionKey: 'first' }))
    await store.keepKey(user, 'a', 'second')
    await store.keepKey(user, 'b', 'third')
    assert.deepEqual(await store.account(user, 'a'), { openid: 'o', sessionKey: 'second' })
    assert.equal(await store.account(user, 'b'), undefined)
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

  it('it answers', async (store) => {
    await store.ping()
  })
}
