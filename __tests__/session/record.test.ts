import { readRecord, withoutSessionKey } from '../../src/session/record'

/** Without the id, which is made at random for a record that has none. */
function kept(value: unknown): unknown {
  const stored = readRecord(value)
  if (!stored) return undefined
  const { id, ...session } = stored.session
  expect(id).toMatch(/^\w{8,}$/)
  return { ...session, ...(stored.isSet && { set: true }) }
}

test.each([
  [{ token: 'a' }, { token: 'a' }],
  ['a', { token: 'a' }],
  [
    { token: 'a', expiresAt: 5, data: { name: '张三😀' } },
    { token: 'a', expiresAt: 5, data: { name: '张三😀' } },
  ],
  [
    { token: 'a', origin: 'https://a.test', set: true },
    { token: 'a', origin: 'https://a.test', set: true },
  ],
  [
    { token: 'a', data: null },
    { token: 'a', data: null },
  ],
  [{ token: 'a', set: 1 }, { token: 'a' }],
  [{ token: 'a', other: 1 }, { token: 'a' }],
])('%j is kept as %j', (stored, session) => {
  expect(kept(stored)).toEqual(session)
})

test('an id that is there stays', () => {
  expect(readRecord({ token: 'a', id: 'me' })?.session.id).toBe('me')
})

test.each([
  undefined,
  null,
  '',
  'a\nb',
  5,
  true,
  [],
  {},
  { token: '' },
  { token: 5 },
  { token: 'a\nb' },
  { token: null },
  { token: 'a', expiresAt: '5' },
  { token: 'a', expiresAt: Infinity },
  { token: 'a', origin: 5 },
  { token: 'a', id: {} },
])('garbage counts as nothing: %j', (stored) => {
  expect(readRecord(stored)).toBeUndefined()
})

test('what is handed out is frozen, and a copy of what was given', () => {
  const data = { name: 'a' }
  const session = readRecord({ token: 'a', data })?.session
  data.name = 'b'
  expect([Object.isFrozen(session), session?.data]).toEqual([true, { name: 'a' }])
})

test('a session_key is taken out, however deep, and the rest stays', () => {
  const data = { session_key: 'K', list: [{ sessionKey: 'K', id: 1 }], name: 'a' }
  expect(kept({ token: 'a', data })).toEqual({ token: 'a', data: { list: [{ id: 1 }], name: 'a' } })
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
  expect(kept({ token: 'a', data: value })).toEqual({ token: 'a' })
})
