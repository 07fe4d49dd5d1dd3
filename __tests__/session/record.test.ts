import type { SessionInit } from '../../src'
import { makeSession, readRecord, withoutSessionKey } from '../../src/session/record'

const id = expect.any(String) as string

test.each<[unknown, object]>([
  [{ token: 'a' }, { token: 'a', id }],
  [
    { token: 'a', id: 'i', expiresAt: 5, origin: 'https://a.test', data: { name: '张三😀' } },
    { token: 'a', id: 'i', expiresAt: 5, origin: 'https://a.test', data: { name: '张三😀' } },
  ],
  // Ended, and kept for a refresh.
  [
    { token: 'a', id: 'i', expiresAt: 1 },
    { token: 'a', id: 'i', expiresAt: 1 },
  ],
  [
    { token: 'a', data: null },
    { token: 'a', id, data: null },
  ],
  [
    { token: 'a', other: 1 },
    { token: 'a', id },
  ],
  // An app that moves to this package, or a store that keeps texts.
  ['a', { token: 'a', id }],
  ['"a"', { token: 'a', id }],
  ['{"token":"a","id":"i","data":{"b":1}}', { token: 'a', id: 'i', data: { b: 1 } }],
])('%j is read as a session', (stored, session) => {
  expect(readRecord(stored)).toStrictEqual({ session, isSet: false })
})

test.each<[unknown, boolean]>([
  [true, true],
  [undefined, false],
  [false, false],
  [1, false],
  ['true', false],
])('a record that says set: %j was set by the app: %s', (set, expected) => {
  expect(readRecord({ token: 'a', set })?.isSet).toBe(expected)
})

test.each<[unknown]>([
  [undefined],
  [null],
  [''],
  ['a\nb'],
  [5],
  [true],
  [[]],
  [{}],
  [{ token: '' }],
  [{ token: 5 }],
  [{ token: 'a\nb' }],
  [{ token: null }],
  [{ token: 'a', expiresAt: '5' }],
  [{ token: 'a', expiresAt: NaN }],
  [{ token: 'a', expiresAt: Infinity }],
  [{ token: 'a', expiresAt: null }],
  [{ token: 'a', origin: 5 }],
  [{ token: 'a', id: 5 }],
  [{ token: 'a', data: () => 1 }],
  ['{}'],
  ['{"user":"a"}'],
  ['{"token":'],
  ['""'],
])('garbage counts as nothing: %j', (stored) => {
  expect(readRecord(stored)).toBeUndefined()
})

test('a store may hand out what throws when it is looked at: that counts as nothing', () => {
  const trap = {
    get token(): string {
      throw new Error('revoked')
    },
  }
  expect(readRecord(trap)).toBeUndefined()
})

test('a session_key is taken out, however deep, and the rest stays', () => {
  const data = { session_key: 'K', list: [{ sessionKey: 'K', id: 1 }], name: 'a' }
  expect(readRecord({ token: 'a', data })?.session.data).toEqual({ list: [{ id: 1 }], name: 'a' })
  expect(data.session_key).toBe('K')
})

test.each<[unknown, boolean]>([
  [{ session_key: 'K' }, true],
  [{ SessionKey: 'K' }, true],
  [{ data: [{ user: { sessionKey: 'K' } }] }, true],
  [{ session_keys: 'K' }, false],
  ['session_key', false],
  [null, false],
  [undefined, false],
])('%j holds a session_key: %s', (value, expected) => {
  expect(withoutSessionKey(value) !== value).toBe(expected)
})

test('a circular object does not hang the search', () => {
  const value: Record<string, unknown> = {}
  value['self'] = value
  expect(withoutSessionKey(value)).toBe(value)
})

test('what cannot be copied without its session_key is not kept at all', () => {
  const value: Record<string, unknown> = { session_key: 'K' }
  value['self'] = value
  expect(withoutSessionKey(value)).toBeUndefined()
})

test('a session is frozen, and later changes of what it was made from do not reach it', () => {
  const data = { user: { name: 'a' } }
  const session = makeSession({ token: 'a', data })
  data.user.name = 'b'
  expect(session.data).toEqual({ user: { name: 'a' } })
  expect(Object.isFrozen(session)).toBe(true)
})

test('nor does what one page makes of its data reach the others', () => {
  const { data } = makeSession({ token: 'a', data: { user: { name: 'a' }, roles: ['x'], at: new Date(0) } })
  const { user, roles } = data as { user: { name: string }; roles: string[] }
  expect(() => (user.name = 'b')).toThrow(TypeError)
  expect(() => roles.push('y')).toThrow(TypeError)
})

test('what cannot be copied is still the app’s own, and not frozen', () => {
  const data: Record<string, unknown> = {}
  data['self'] = data
  expect(makeSession({ token: 'a', data }).data).toBe(data)
  expect(Object.isFrozen(data)).toBe(false)
})

test.each<[string, unknown]>([
  ['a plain string', 'token-a'],
  ['a record of the first edition', { token: 'token-a' }],
])('whose something is stays the same over launches, though %s says no id', (_what, stored) => {
  const ids = [stored, stored, 'token-b'].map((one) => readRecord(one)?.session.id)
  expect(ids[0]).toMatch(/^[a-z0-9]+$/)
  expect(ids[1]).toBe(ids[0])
  expect(ids[2]).not.toBe(ids[0])
})

const FORMER = { id: 'i', origin: 'https://a.test', data: { refreshToken: 'r' } }

test.each<[string, SessionInit, object]>([
  ['nothing', { token: 'b' }, { token: 'b', ...FORMER }],
  ['data of its own', { token: 'b', data: 1 }, { token: 'b', ...FORMER, data: 1 }],
  ['data that are null', { token: 'b', data: null }, { token: 'b', ...FORMER, data: null }],
  [
    'an origin and an end of its own',
    { token: 'b', origin: 'https://b.test', expiresAt: 5 },
    { token: 'b', ...FORMER, origin: 'https://b.test', expiresAt: 5 },
  ],
])('what a session that comes with %s does not say it has from the one before', (_what, init, session) => {
  expect(makeSession(init, FORMER)).toStrictEqual(session)
})

test('no two sessions have one id', () => {
  const ids = Array.from({ length: 1000 }, () => makeSession({ token: 'a' }).id)
  expect(new Set(ids).size).toBe(1000)
  expect(ids.every((one) => /^[a-z0-9]{8,}$/.test(one))).toBe(true)
})
