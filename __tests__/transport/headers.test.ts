import { ConfigError } from '../../src'
import { addHeaders, headerOf, setHeader, type Headers } from '../../src/transport/headers'
import { thrown } from '../phone'

function merged(...sources: Parameters<typeof addHeaders>[1][]): Headers {
  const headers: Headers = {}
  for (const source of sources) addHeaders(headers, source)
  return headers
}

test.each(['Authorization', 'authorization', 'AUTHORIZATION'])(
  'a header set over %s replaces it: both would be sent',
  (name) => {
    const headers: Headers = { [name]: 'old', other: 'kept' }
    setHeader(headers, 'Authorization', 'new')
    expect(headers).toEqual({ Authorization: 'new', other: 'kept' })
  },
)

test.each([undefined, null])('a header of an answer that is %p is not there', (value) => {
  expect(headerOf({ 'x-token': value }, 'X-Token')).toBeUndefined()
})

test('later headers win over earlier ones, whatever their case', () => {
  const later = { 'Content-Type': 'application/json' }
  expect(merged({ 'content-type': 'text/plain', 'X-Lang': 'en' }, undefined, later)).toEqual({
    'Content-Type': 'application/json',
    'X-Lang': 'en',
  })
})

test('numbers and booleans are written out; undefined and null are no headers', () => {
  expect(merged({ a: 1, b: false, c: '', d: undefined, e: null })).toEqual({
    a: '1',
    b: 'false',
    c: '',
  })
})

test.each(['\r', '\n', '\r\n', '\0'])('a value with %j is refused: it would inject another header', (bad) => {
  const error = thrown(() => merged({ 'X-Name': `a${bad}Cookie: sid=stolen` }))
  expect(error).toBeInstanceOf(ConfigError)
  expect(error.message).not.toContain('stolen')
})

test.each([
  [{ 'Retry-After': '3' }, '3'],
  [{ 'retry-after': '3' }, '3'],
  [{ 'RETRY-AFTER': 3 }, '3'],
  [{ 'retry-after': ['3', '4'] }, '3,4'],
  [{ 'retry-afterwards': '3' }, undefined],
  [{}, undefined],
])('of %j, Retry-After is %j', (headers, value) => {
  expect(headerOf(headers as Record<string, unknown>, 'retry-after')).toBe(value)
})

test.each(['X-A\r\nCookie: sid', 'X A', 'X:A', '', '名'])(
  'a name that is no header name is refused: %j',
  (name) => {
    expect(thrown(() => merged({ [name]: '1' }))).toBeInstanceOf(ConfigError)
  },
)

test('a header with an impossible name is named, and one with a line break is, too', () => {
  expect(thrown(() => merged({ 'a b': '1' })).message).toContain('"a b"')
  expect(thrown(() => merged({ 'X-A': 'a\nb' })).message).toContain('X-A')
})
