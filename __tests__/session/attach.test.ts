import { ConfigError, createClient, type Attach, type Outgoing } from '../../src'
import { createFakeWeChat, type FakeRequest } from '../../src/testing'
import { createAttach } from '../../src/session/attach'
import { failure, knownPhone, last, outcome, result, thrown, usual } from '../phone'

const places: [string, Attach, (request: FakeRequest) => unknown, string][] = [
  ['as a bearer by default', 'bearer', (request) => request.headerOf('authorization'), 'Bearer token-1'],
  ['in a header', { header: 'sessionid' }, (request) => request.headerOf('sessionid'), 'token-1'],
  ['in a cookie', { cookie: 'sid' }, (request) => request.headerOf('cookie'), 'sid=token-1'],
  ['in the query', { query: 'skey' }, (request) => request.query['skey'], 'token-1'],
  ['in the body', { body: 'skey' }, (request) => (request.json as { skey: string }).skey, 'token-1'],
  [
    'where a function writes it',
    (request, token) => void (request.header['X-Sign'] = `${request.method} ${token}`),
    (request) => request.headerOf('x-sign'),
    'POST token-1',
  ],
]

test.each(places)('the token rides %s', async (_where, attach, read, expected) => {
  const { fake, api } = knownPhone({ attach })
  fake.server.on('/orders', () => ({}))
  await result(fake, api.post('/orders', { id: 1 }))
  expect(read(last(fake))).toBe(expected)
})

test.each<[string, Attach, (request: FakeRequest) => unknown]>([
  ['query', { query: 'auth[token]' }, (request) => request.query['auth[token]']],
  ['query', { query: 'x-wx-token' }, (request) => request.query['x-wx-token']],
  ['body', { body: '令牌' }, (request) => (request.json as Record<string, unknown>)['令牌']],
  ['cookie', { cookie: 'x-wx-token' }, (request) => request.headerOf('cookie')?.replace('x-wx-token=', '')],
  ['header', { header: 'my-x-wx-token' }, (request) => request.headerOf('my-x-wx-token')],
])('only what a header cannot carry is no name in one: in the %s, %j is', async (_where, attach, read) => {
  const { fake, api } = knownPhone({ attach })
  fake.server.on('/orders', () => ({}))
  await result(fake, api.post('/orders', { id: 1 }))
  expect(read(last(fake))).toBe('token-1')
})

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
  const error = thrown(() => carry({ cookie: 'sid' }, {}, 'a;b'))
  expect(error).toBeInstanceOf(ConfigError)
  expect(error.message).not.toContain('a;b')
})

test('a cookie goes back as the server has set it, quotes and all', () => {
  expect(carry({ cookie: 'sid' }, {}, '"a b,c"').header).toEqual({ Cookie: 'sid="a b,c"' })
})

test.each([
  ['abc', 'Bearer abc'],
  ['Bearer abc', 'Bearer abc'],
  ['bearer abc', 'bearer abc'],
  ['bearerabc', 'Bearer bearerabc'],
  ['bearing abc', 'Bearer bearing abc'],
])('of the token %j the header is %j', (token, header) => {
  expect(carry('bearer', {}, token).header).toEqual({ Authorization: header })
})

test('a token that is not for bearer rides in its header as it is, in place of one of the app’s', () => {
  expect(carry({ header: 'X-Token' }, { header: { 'x-token': 'mine' } }).header).toEqual({
    'X-Token': 'T&1=/',
  })
})

test('a function that answers with a promise is told to be a mistake, and its rejection is nobody else’s', () => {
  const rejecting: unknown = () => Promise.reject(new Error('no'))
  const error = thrown(() => carry(rejecting as Attach, {}))
  expect(error).toBeInstanceOf(ConfigError)
  expect(error.message).toMatch(/attach.*not async/)
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

test('a GET has no body for the token: the request says so, and where to look', async () => {
  const { fake, api } = knownPhone({ attach: { body: 'skey' } })
  const error = await failure(fake, api.get('/orders'))
  expect(error).toMatchObject({ code: 'CONFIG', request: { method: 'GET' } })
  expect(error.message).toContain('attach: { body }')
})

test('an upload carries the token for the body in its form', async () => {
  const { fake, api } = knownPhone({ attach: { body: 'skey' } })
  fake.server.on('/avatar', () => ({}))
  await result(fake, api.uploadFile({ url: '/avatar', filePath: 'a.png', name: 'file', formData: { id: 1 } }))
  expect(last(fake).upload?.formData).toEqual({ id: 1, skey: 'token-1' })
})

test.each<[string, unknown]>([
  ['another word', 'cookie'],
  ['nothing in it', {}],
  ['an empty name', { header: '' }],
  ['a header name that would break the header', { header: 'X-A: b' }],
  ['a cookie name that would break the cookie', { cookie: 'sid;' }],
  ['an empty query name', { query: '' }],
  ['an empty body name', { body: '' }],
  ['a header that the WeChat gateway drops', { header: 'X-WX-Token' }],
])('attach with %s is refused', (_what, attach) => {
  const options = { ...usual(createFakeWeChat()), attach: attach as Attach }
  const error = thrown(() => createClient(options))
  expect(error).toBeInstanceOf(ConfigError)
  expect(error.message).toMatch(/^attach\b/)
})

test.each(['get', 'head', 'delete'] as const)(
  'a token for the body never ends up in a URL: %s',
  async (verb) => {
    const { fake, api } = knownPhone({ attach: { body: 'token' } })
    await outcome(fake, api[verb]('/orders', { id: 1 }))
    expect(fake.server.requests.map(({ url }) => url).join()).not.toContain('token')
  },
)
