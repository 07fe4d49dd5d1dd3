import fc from 'fast-check'
import type { AnyRequest, ClientOptions, Middleware, VerbOptions } from '../../src'
import { createFakeWeChat } from '../../src/testing'
import { KEY, outcome, phone, usual } from '../phone'
import { runs } from '../runs'

/** It has nothing of its own that a loop would meet. */
class Ended {
  get aborted(): boolean {
    return true
  }

  addEventListener(): void {
    // It has been, before anybody could listen.
  }
}

/** What middleware does with a request before `next()`, or after it. */
type Change = (request: AnyRequest) => void

const CHANGES: Record<string, Change> = {
  nothing: () => undefined,
  'another url': (request) => (request.url = '/others'),
  'no url': (request) => void Reflect.deleteProperty(request, 'url'),
  'another method': (request) => (request.method = 'PUT'),
  'no method': (request) => void Reflect.deleteProperty(request, 'method'),
  'no data': (request) => void Reflect.deleteProperty(request, 'data'),
  'other data': (request) => (request.data = { title: '茶' }),
  'a field of the data': (request) => void Object.assign(Object(request.data) as object, { added: 1 }),
  'a header': (request) => void Object.assign(Object(request.header) as object, { 'X-Sign': 'a' }),
  'other headers': (request) => (request.header = { 'X-Other': 'b' }),
  'no headers': (request) => (request.header = {}),
  'headers that are none': (request) => (request.header = 'X-Other' as never),
  'headers that are null': (request) => (request.header = null as never),
  'a query': (request) => void Object.assign(Object(request.query) as object, { page: 2 }),
  'another query': (request) => (request.query = { page: 3 }),
  'no query': (request) => void Reflect.deleteProperty(request, 'query'),
  'an option of ours': (request) => (request.auth = false),
  'no such option': (request) => void Reflect.deleteProperty(request, 'auth'),
  'an option of WeChat’s': (request) => (request['enableHttp2'] = true),
  'an option of WeChat’s that is empty': (request) => (request['profile'] = {}),
  'a wrong option': (request) => (request.timeout = -1),
  'a signal of a class': (request) => (request.signal = new Ended()),
  'an option that is there twice': (request) => void Object.assign(request, { params: { page: 1 } }),
}

const GIVEN: Record<string, () => VerbOptions | undefined> = {
  nothing: () => undefined,
  'an empty object': () => ({}),
  'an option': () => ({ auth: false }),
  'an option of WeChat’s': () => ({ enableCache: true }),
  headers: () => ({ header: { 'X-Trace': 'c' } }),
  'empty headers': () => ({ header: {} }),
  'a query': () => ({ query: { size: 9 } }),
  'a retry': () => ({ retry: { limit: 1 } }),
  'a signal': () => ({ signal: { aborted: false, addEventListener: () => undefined } }),
}

const DATA: Record<string, () => unknown> = {
  none: () => undefined,
  null: () => null,
  'a text': () => 'text',
  'an object': () => ({ title: '咖啡' }),
  'an empty object': () => ({}),
}

interface Story {
  readonly verb: 'get' | 'post' | 'delete'
  readonly given: string
  readonly data: string
  readonly before: string
  readonly after: string
}

/** What reaches `wx`, twice where the token is refused the first time, and what becomes of it. */
async function told({ verb, given, data, before, after }: Story, last: Middleware): Promise<unknown> {
  const changing: Middleware = (request, next) => {
    CHANGES[before]?.(request)
    const answer = next(request)
    CHANGES[after]?.(request)
    return answer
  }
  const fake = createFakeWeChat()
  const sent: unknown[] = []
  const platform = Object.assign({}, fake.wx, {
    request(options: Parameters<typeof fake.wx.request>[0]) {
      sent.push(JSON.parse(JSON.stringify(options)), Object.keys(options).sort())
      return fake.wx.request(options)
    },
  })
  const use = [changing, last]
  const { api } = phone({ ...usual(fake), platform, use } satisfies ClientOptions)
  fake.server.anyPath = true
  fake.storage.set(KEY, { token: fake.server.issue() })
  fake.server.expire()
  const end = await outcome(fake, api[verb]('/orders', DATA[data]?.() as object, GIVEN[given]?.()))
  const error = 'error' in end ? String(end.error) : undefined
  return { sent, error }
}

/** Hands on a request that says something that is not sent, so that all of it is read anew. */
const reading: Middleware = (request, next) =>
  next(Object.assign({}, request, { context: Object.assign({ isRead: true }, request.context) }))
const handing: Middleware = (request, next) => next(request)

test('what middleware has left as it was goes out as what is read anew does', async () => {
  const change = fc.oneof(fc.constant('nothing'), fc.constantFrom(...Object.keys(CHANGES)))
  const story = fc.record<Story>({
    verb: fc.constantFrom('get', 'post', 'delete'),
    given: fc.constantFrom(...Object.keys(GIVEN)),
    data: fc.constantFrom(...Object.keys(DATA)),
    before: change,
    after: change,
  })
  const later = { verb: 'post', given: 'nothing', data: 'none', before: 'nothing' } as const
  await fc.assert(
    fc.asyncProperty(story, async (story) => {
      expect(await told(story, handing)).toEqual(await told(story, reading))
    }),
    {
      ...runs(600),
      examples: [
        [{ ...later, given: 'empty headers', after: 'a header' }],
        [{ ...later, data: 'an empty object', after: 'a field of the data' }],
        [{ ...later, data: 'a text', before: 'no data', after: 'nothing' }],
        ...Object.keys(CHANGES).map((before): [Story] => [
          { ...later, verb: 'get', before, after: 'nothing' },
        ]),
      ],
    },
  )
})

test('an empty request is none', async () => {
  const { fake, api } = phone({ use: [(_request, next) => next({} as AnyRequest)] })
  expect(String('error' in (await outcome(fake, api.get('/orders'))) && fake.server.requests.length)).toBe(
    '0',
  )
})

test('a request that nobody has changed is told by its own URL', async () => {
  const { fake, api } = phone({ use: [handing] })
  await outcome(fake, api.get('/orders'))
  expect(fake.server.requests.map(({ path }) => path)).toEqual(['/login', '/orders'])
})

test.each([
  ['left as it was', handing],
  ['read anew', reading],
])('the caller’s signal is listened to once, by a request that is %s', async (_what, middleware) => {
  const signal = { aborted: false, addEventListener: jest.fn(), removeEventListener: jest.fn() }
  const { fake, api } = phone({ use: [middleware] })
  await outcome(fake, api.get('/orders', {}, { signal }))
  expect(signal.addEventListener).toHaveBeenCalledTimes(1)
  expect(signal.removeEventListener).toHaveBeenCalledTimes(1)
})
