import { ConfigError, type ExtendOptions } from '../../src'
import { failure, HOME, knownPhone, last, outcome, phone, result, thrown } from '../phone'

test('a clone has the same session and the same login', async () => {
  const { fake, api } = phone()
  const clone = api.extend({ header: { 'X-A': '1' } })
  await result(fake, Promise.all([api.get('/a'), clone.get('/b'), clone.extend({}).ensureLogin()]))
  expect(fake.calls.logins).toBe(1)
  expect(clone.session).toBe(api.session)
  clone.logout()
  expect(api.session).toBeUndefined()
})

test("each option that is given replaces its parent's, the others stay", async () => {
  const { fake, api } = knownPhone({ header: { 'X-A': '1' }, timeout: 5000 })
  const clone = api.extend({ header: { 'X-B': '2' } })
  await result(fake, clone.get('/x'))
  expect(last(fake).header).toMatchObject({ 'X-B': '2' })
  expect(last(fake).header).not.toHaveProperty('X-A')
  expect(last(fake).timeout).toBe(5000)
  await result(fake, api.get('/x'))
  expect(last(fake).header).toMatchObject({ 'X-A': '1' })
})

test('a clone of a clone has the options of both', async () => {
  const { fake, api } = knownPhone()
  await result(
    fake,
    api
      .extend({ timeout: 5000 })
      .extend({ header: { 'X-B': '2' } })
      .get('/x'),
  )
  expect(last(fake)).toMatchObject({ timeout: 5000, header: { 'X-B': '2' } })
})

test('a clone elsewhere sends the token there: it has been told to', async () => {
  const { fake, api } = knownPhone()
  fake.server.anyPath = true
  const clone = api.extend({ baseURL: 'https://pay.test/v2', authOrigins: [HOME, 'https://pay.test'] })
  expect(await result(fake, clone.get('/x'))).toMatchObject({ path: '/v2/x', token: 'token-1' })
  expect(await failure(fake, api.get('https://pay.test/x'))).toMatchObject({ code: 'HTTP_STATUS' })
})

test('a clone elsewhere that does not say that the token may go there is refused, with what to say', () => {
  const { api } = knownPhone()
  const error = thrown(() => api.extend({ baseURL: 'https://pay.test/v2' }))
  expect(error).toBeInstanceOf(ConfigError)
  expect(error.message).toMatch(/^baseURL: https:\/\/pay\.test .*authOrigins/)
})

test('a clone on another path of the same origin needs no leave', async () => {
  const { fake, api } = knownPhone()
  expect(await result(fake, api.extend({ baseURL: `${HOME}/v2` }).get('/x'))).toMatchObject({
    path: '/v2/x',
    token: 'token-1',
  })
})

test('clones share the lanes', async () => {
  const { fake, api } = knownPhone({ concurrency: 2 })
  const clone = api.extend({ timeout: 9000 })
  await result(fake, Promise.all([1, 2, 3, 4].map((n) => (n % 2 ? api : clone).get(`/${n}`))))
  expect(fake.calls.maxParallel).toBe(2)
})

test('clones on the same base URLs move on together', async () => {
  const { fake, api } = knownPhone({ baseURL: ['https://a.test', 'https://b.test'], checkSession: false })
  const clone = api.extend({ timeout: 9000 })
  fake.network.failNext(1, 'refused')
  await result(fake, api.get('/x'))
  await result(fake, clone.get('/x'))
  expect(last(fake).origin).toBe('https://b.test')
})

test('one listener hears all clones', async () => {
  const { fake, api, events } = knownPhone()
  await result(fake, api.extend({}).get('/x'))
  expect(events).toContainEqual(expect.objectContaining({ phase: 'success', url: `${HOME}/x` }))
})

test.each<[string, ExtendOptions, object]>([
  ['attach', { attach: { header: 'X-Token' } }, { header: { 'X-Token': 'token-1' } }],
  ['use', { use: [(request, next) => next({ ...request, url: '/y' })] }, { path: '/y' }],
  ['timeout', { timeout: 7 * 1000 }, { timeout: 7000 }],
])('a clone may have its own %s', async (_name, options, expected) => {
  const { fake, api } = knownPhone()
  fake.server.on('/x', () => ({}))
  await outcome(fake, api.extend(options).get('/x'))
  expect(last(fake)).toMatchObject(expected)
})

test('a clone may have its own unwrap, throwHttpErrors, retry and isUnauthorized', async () => {
  const { fake, api } = knownPhone()
  const clone = api.extend({
    unwrap: ({ statusCode }) => statusCode,
    throwHttpErrors: false,
    retry: false,
    isUnauthorized: () => false,
  })
  fake.server.on('/x', () => ({ statusCode: 503 }))
  fake.server.on('/y', () => ({ statusCode: 401 }))
  expect(await result(fake, Promise.all([clone.get('/x'), clone.get('/y')]))).toEqual([503, 401])
  expect(fake.calls).toMatchObject({ requestCount: 2, logins: 0 })
})

test.each(['login', 'autoLogin', 'rotate', 'checkSession', 'storage', 'concurrency', 'platform', 'onEvent'])(
  '%s belongs to what clones share, and is refused',
  (name) => {
    const { api } = phone()
    const error = thrown(() => api.extend({ [name]: undefined }))
    expect(error).toBeInstanceOf(ConfigError)
    expect(error.message).toMatch(new RegExp(`^${name} belongs to the session.*createClient`))
  },
)

test('wrong options are refused as by createClient', () => {
  const { api } = phone()
  expect(thrown(() => api.extend({ timeout: -1 })).message).toContain('timeout')
  expect(thrown(() => api.extend({ baseURL: 'http://evil.test' })).message).toContain('baseURL')
})
