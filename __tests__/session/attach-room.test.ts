import { ConfigError, type Attach, type Outgoing } from '../../src'
import { createAttach } from '../../src/session/attach'
import { thrown } from '../phone'

/** A request with the token on it. */
function carry(attach: Attach, request: Partial<Outgoing>, token = 'T&1=/'): Outgoing {
  const outgoing = { url: 'https://api.test/x', method: 'POST', header: {}, data: undefined, ...request }
  createAttach(attach)(outgoing, token)
  return outgoing
}

test('a header of the same name in another case is replaced, not doubled', () => {
  expect(carry('bearer', { header: { authorization: 'mine' } }).header).toEqual({
    Authorization: 'Bearer T&1=/',
  })
})

test('cookies that are there already stay', () => {
  expect(carry({ cookie: 'sid' }, { header: { cookie: 'lang=zh' } }).header).toEqual({
    Cookie: 'lang=zh; sid=T&1=/',
  })
})

test('a token that would end its cookie is refused, unquoted', () => {
  const token = 'a;b'
  const error = thrown(() => carry({ cookie: 'sid' }, {}, token))
  expect(error).toBeInstanceOf(ConfigError)
  expect(error.message).not.toContain(token)
})

test('in a query the token is encoded, and follows what is there', () => {
  expect(carry({ query: 'k' }, {}).url).toBe('https://api.test/x?k=T%261%3D%2F')
  expect(carry({ query: 'k' }, { url: 'https://api.test/x?a=1' }).url).toBe(
    'https://api.test/x?a=1&k=T%261%3D%2F',
  )
})

test('in a body the token joins the data, which stays as it was', () => {
  const data = { id: 1 }
  expect(carry({ body: 'k' }, { data }).data).toEqual({ id: 1, k: 'T&1=/' })
  expect(carry({ body: 'k' }, {}).data).toEqual({ k: 'T&1=/' })
  expect(data).toEqual({ id: 1 })
})

test.each([['text'], [[1]], [new Uint8Array(1)], [new Date(0)]])(
  'a body that is no object cannot carry the token: %j',
  (data) => {
    expect(thrown(() => carry({ body: 'k' }, { data }))).toBeInstanceOf(ConfigError)
  },
)

test.each([
  ['abc', 'Bearer abc'],
  ['Bearer abc', 'Bearer abc'],
  ['bearer abc', 'bearer abc'],
  ['Bearerabc', 'Bearer Bearerabc'],
  ['Bearish abc', 'Bearer Bearish abc'],
])('bearer is said once: %s', (token, value) => {
  expect(carry('bearer', {}, token).header).toEqual({ Authorization: value })
})

test('a token that is not for bearer rides in its header as it is', () => {
  expect(carry({ header: 'X-Token' }, { header: { 'x-token': 'mine' } }).header).toEqual({
    'X-Token': 'T&1=/',
  })
})

test('a function that promises is a mistake, and its rejection is nobody else to handle', () => {
  const attach = (() => Promise.reject(new Error('not today'))) as unknown as Attach
  const error = thrown(() => carry(attach, {}))
  expect(error).toBeInstanceOf(ConfigError)
  expect(error.message).toContain('attach gave a promise')
})
