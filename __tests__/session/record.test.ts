import { readSession, withoutSessionKey } from '../../src/session/record'

test.each([
  [{ token: 'a' }, { token: 'a' }],
  [
    { token: 'a', expiresAt: 5, data: { name: '张三😀' } },
    { token: 'a', expiresAt: 5, data: { name: '张三😀' } },
  ],
  [{ token: 'a', expiresAt: '5' }, { token: 'a' }],
  [{ token: 'a', expiresAt: NaN }, { token: 'a' }],
  [{ token: 'a', expiresAt: Infinity }, { token: 'a' }],
  [
    { token: 'a', expiresAt: null, data: null },
    { token: 'a', data: null },
  ],
  [{ token: 'a', other: 1 }, { token: 'a' }],
])('%j is kept as %j', (stored, session) => {
  expect(readSession(stored)).toEqual(session)
})

test.each([
  undefined,
  null,
  '',
  'token',
  5,
  true,
  [],
  {},
  { token: '' },
  { token: 5 },
  { token: 'a\nb' },
  { token: null },
])('garbage counts as nothing: %j', (stored) => {
  expect(readSession(stored)).toBeUndefined()
})

test('a session_key is taken out, however deep, and the rest stays', () => {
  const data = { session_key: 'K', list: [{ sessionKey: 'K', id: 1 }], name: 'a' }
  expect(readSession({ token: 'a', data })).toEqual({ token: 'a', data: { list: [{ id: 1 }], name: 'a' } })
  expect(data.session_key).toBe('K')
})

test.each<[unknown, boolean]>([
  [{ session_key: 'K' }, true],
  [{ data: [{ user: { sessionKey: 'K' } }] }, true],
  [{ session_keys: 'K' }, false],
  ['session_key', false],
  [null, false],
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
  expect(readSession({ token: 'a', data: value })).toEqual({ token: 'a' })
})
