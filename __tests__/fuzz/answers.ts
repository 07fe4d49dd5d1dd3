import fc from 'fast-check'
import type { Client, ClientOptions, Platform, RequestOptions } from '../../src'
import { createFakeWeChat } from '../../src/testing'
import type { Family } from './family'
import { Judge } from './judge'
import { setSession } from './stored'
import {
  any,
  asyncFunctions,
  carried,
  functions,
  oneOf,
  plain,
  Planted,
  SECRET,
  thing,
  type Thing,
} from './things'

/** WeChat calls back in one of three ways, with anything, inside the call or later. */
interface Move {
  way: 'success' | 'fail' | 'complete'
  /** ms; -1 inside the call. */
  after: number
  value: Thing
}

/** What one call of WeChat's does. */
interface Conduct {
  moves: Move[]
  isThrown: boolean
  returned: Thing
}

interface Call {
  kind: (typeof KINDS)[number]
  at: number
}

interface Setting {
  attach: Thing
  token: Thing
  check: Thing
  /** A function for `login.refresh`, `login.exchange` and `rotate`; without one there is none. */
  refresh: Thing | undefined
  exchange: Thing | undefined
  rotate: Thing | undefined
  autoLogin: boolean
  given: Thing
  concurrency: number
  hasListener: boolean
  stored: boolean
}

export interface Answers {
  setting: Setting
  calls: Call[]
  codes: Conduct[]
  checks: Conduct[]
  logins: Conduct[]
  requests: Conduct[]
}

const KINDS = [
  'get',
  'head',
  'post',
  'put',
  'request',
  'request with callbacks',
  'upload',
  'download',
  'verified',
  'optional',
  'authorize',
  'ensureLogin',
  'force',
  'aborted',
  'chunked',
  'setSession',
  'with data',
  'logout',
] as const
const HOME = 'https://api.test'
const TOKEN = `token-${SECRET}`
const CODE = `code-${SECRET}`

const status = fc.oneof(
  { weight: 8, arbitrary: oneOf(200, 200, 200, 401, 401, 500).map(plain) },
  { weight: 3, arbitrary: oneOf(204, 301, 400, 403, 404, 408, 413, 429, 502, 503, 504).map(plain) },
  { weight: 2, arbitrary: oneOf(0, -1, 99, 600, 1e9, '200', '401').map(plain) },
  { weight: 1, arbitrary: carried },
)

const tokenValue = fc.oneof(
  { weight: 5, arbitrary: oneOf(TOKEN, `${TOKEN}-2`, `${TOKEN} with spaces`).map(plain) },
  {
    weight: 3,
    arbitrary: oneOf(`${TOKEN}\r\nX-Admin: 1`, `${TOKEN}; Path=/`, `令牌-${SECRET}`, ` ${TOKEN}`).map(plain),
  },
  { weight: 1, arbitrary: fc.constant(thing('a token of 20,000 characters', () => SECRET.repeat(3000))) },
  { weight: 2, arbitrary: carried },
)

/** What a login answers, or a request that echoes what it was sent: bodies with secrets in them. */
const body = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .record({ token: tokenValue, life: fc.oneof(oneOf(plain(undefined), plain(60)), carried) })
      .map(({ token, life }) =>
        thing(`{ token: ${token.words}, expiresIn: ${life.words}, session_key }`, () => ({
          token: token.make(),
          expiresIn: life.make(),
          session_key: `key-${SECRET}`,
        })),
      ),
  },
  { weight: 2, arbitrary: oneOf(`{"token":"${TOKEN}"}`, `bad ${CODE}`, `<p>${TOKEN}</p>`).map(plain) },
  { weight: 2, arbitrary: oneOf({ errcode: 40029, errmsg: CODE }, { code: 7, data: TOKEN }).map(plain) },
  { weight: 1, arbitrary: fc.constant(thing('a body of 300 KB', () => '字'.repeat(100_000))) },
  { weight: 3, arbitrary: carried },
)

const pause = oneOf(
  '0',
  '1',
  '-1',
  '',
  'soon',
  '1e3',
  '61',
  '99999999999',
  'Wed, 21 Oct 2015 07:28:00 GMT',
  'Foo',
)
const cookieLine = oneOf(
  `sid=${SECRET}; Path=/`,
  `a=1, sid=${SECRET}; HttpOnly`,
  `sid=; Max-Age=0,sid=${SECRET}`,
  'sid',
  ',;=,',
)
const header = fc.oneof(
  { weight: 4, arbitrary: oneOf(plain(undefined), plain({}), plain({ 'content-type': 'text/html' })) },
  { weight: 3, arbitrary: pause.map((value) => plain({ 'Retry-After': value })) },
  { weight: 3, arbitrary: cookieLine.map((line) => plain({ 'sEt-CoOkIe': line })) },
  {
    weight: 2,
    arbitrary: oneOf(TOKEN, `${TOKEN}-2`, `Bearer ${TOKEN}`, '', '令牌').map((next) =>
      plain({ 'x-next': next }),
    ),
  },
  { weight: 2, arbitrary: fc.dictionary(oneOf('Set-Cookie', 'retry-after', 'X'), fc.jsonValue()).map(plain) },
  { weight: 1, arbitrary: carried },
)
const cookies = fc.oneof(
  { weight: 4, arbitrary: fc.constant(plain(undefined)) },
  { weight: 2, arbitrary: cookieLine.map((line) => plain([line])) },
  { weight: 1, arbitrary: carried },
)

const answer = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record({ status, body, header, cookies }).map((parts) =>
      thing(
        `{ statusCode: ${parts.status.words}, data: ${parts.body.words}, header: ${parts.header.words}, cookies: ${parts.cookies.words} }`,
        () => ({
          statusCode: parts.status.make(),
          data: parts.body.make(),
          header: parts.header.make(),
          cookies: parts.cookies.make(),
          errMsg: 'request:ok',
        }),
      ),
    ),
  },
  { weight: 1, arbitrary: carried },
)

/** Twice in three times one that any of the clients here can read. */
const loginAnswer = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.nat(9).map((n) => {
      const token = `${TOKEN}-${n}`
      const data = { token, data: { token }, session_key: `key-${SECRET}` }
      return plain({ statusCode: 200, data, cookies: [`sid=${token}; Path=/`] })
    }),
  },
  { weight: 1, arbitrary: answer },
)

const words = fc.oneof(
  {
    weight: 5,
    arbitrary: oneOf(
      'request:fail timeout',
      'request:fail abort',
      'request:fail interrupted',
      'request:fail errcode:-106 cronet_error_code:-106 error_msg:net::ERR_INTERNET_DISCONNECTED',
      'request:fail errcode:-102 cronet_error_code:-102 error_msg:net::ERR_CONNECTION_REFUSED',
      'uploadFile:fail 请求超时',
      'request:fail url not in domain list:{url}',
      'request:fail invalid header {header}',
      'request:fail {data} cannot be sent to {url}, with {header}',
    ).map(plain),
  },
  { weight: 2, arbitrary: carried },
)
const errno = fc.oneof(
  oneOf(5, 1, -1, 600001, 600003, 1402101, '5').map(plain),
  fc.constant(plain(undefined)),
  carried,
)
const refusal = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ words, errno }).map((parts) =>
      thing(`{ errMsg: ${parts.words.words}, errno: ${parts.errno.words} }`, () => ({
        errMsg: parts.words.make(),
        errno: parts.errno.make(),
      })),
    ),
  },
  { weight: 1, arbitrary: carried },
)

const code = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.nat(99).map((n) => plain({ code: `${CODE}-${n}`, errMsg: 'login:ok' })),
  },
  { weight: 1, arbitrary: fc.constant(plain({ code: CODE, fromCache: true })) },
  {
    weight: 1,
    arbitrary: carried.map(({ words, make }) => thing(`{ code: ${words} }`, () => ({ code: make() }))),
  },
  { weight: 1, arbitrary: carried },
)

const returned = fc.oneof(
  { weight: 6, arbitrary: fc.constant(thing('a task', () => ({ abort: () => undefined }))) },
  {
    weight: 2,
    arbitrary: oneOf(
      plain(undefined),
      plain(null),
      plain({ abort: 5 }),
      thing('a promise that rejects', () => Promise.reject(new Error('also told by fail'))),
      thing('a task that throws', () => ({ abort: boom, onHeadersReceived: boom, onProgressUpdate: boom })),
      thing('something whose then throws', () => ({ then: boom })),
    ),
  },
  { weight: 1, arbitrary: carried },
)

function boom(): never {
  throw new Error('not to be called now')
}

/** So many in `healthy + 6` times one answer, as it should be; else none, several, at once, thrown. */
function conduct(success: fc.Arbitrary<Thing>, healthy: number): fc.Arbitrary<Conduct> {
  const after = oneOf(-1, 0, 10, 10, 700, 5000)
  const good = success.map((value): Move => ({ way: 'success', after: 10, value }))
  const move = fc.oneof(
    fc.record({ way: fc.constant('success' as const), after, value: success }),
    fc.record({ way: oneOf('fail' as const, 'complete' as const), after, value: refusal }),
  )
  const isThrown = fc.constant(false)
  return fc.oneof(
    {
      weight: healthy,
      arbitrary: fc.record({ moves: good.map((one) => [one]), isThrown, returned }),
    },
    { weight: 3, arbitrary: fc.record({ moves: move.map((one) => [one]), isThrown, returned }) },
    {
      weight: 3,
      arbitrary: fc.record({
        moves: fc.array(move, { maxLength: 3 }),
        isThrown: oneOf(false, false, true),
        returned,
      }),
    },
  )
}

/** What a refresh, an exchange, a rotation or `setSession` may bring. */
const init = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({
        token: tokenValue,
        expiresAt: fc.oneof(oneOf(undefined, 1, 4e12).map(plain), carried),
        data: fc.oneof(oneOf(undefined, { session_key: `key-${SECRET}` }).map(plain), any),
        origin: fc.oneof(oneOf(undefined, HOME, 'https://evil.test').map(plain), carried),
      })
      .map((parts) =>
        thing(
          `{ token: ${parts.token.words}, expiresAt: ${parts.expiresAt.words}, data: ${parts.data.words}, origin: ${parts.origin.words} }`,
          () => ({
            token: parts.token.make(),
            expiresAt: parts.expiresAt.make(),
            data: parts.data.make(),
            origin: parts.origin.make(),
          }),
        ),
      ),
  },
  { weight: 2, arbitrary: tokenValue },
  { weight: 1, arbitrary: any },
)
const never = thing('a function whose promise never settles', () => () => new Promise(() => undefined))
const promising = fc.oneof(
  {
    weight: 5,
    arbitrary: init.map(({ words, make }) =>
      thing(`a function that promises ${words}`, () => () => Promise.resolve(make())),
    ),
  },
  { weight: 2, arbitrary: asyncFunctions },
  {
    weight: 2,
    arbitrary: oneOf(400, 401, 408, 429, 500, 503).map((statusCode) =>
      thing(
        `a function that rejects with status ${statusCode}`,
        () => () => Promise.reject(Object.assign(new Planted(), { statusCode })),
      ),
    ),
  },
  { weight: 1, arbitrary: fc.constant(never) },
)
const rotation = fc.oneof(
  { weight: 3, arbitrary: oneOf({ header: 'X-Next' }, { cookie: 'sid' }).map(plain) },
  {
    weight: 2,
    arbitrary: init.map(({ words, make }) => thing(`a function that gives ${words}`, () => () => make())),
  },
  { weight: 1, arbitrary: fc.oneof(functions, asyncFunctions) },
)
const perhaps = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: one })

const arbitrary: fc.Arbitrary<Answers> = fc.record({
  setting: fc.record({
    attach: oneOf('bearer', { header: 'X-Skey' }, { cookie: 'sid' }, { query: 'access_token' }).map(plain),
    token: oneOf(
      plain(undefined),
      plain({ cookie: 'sid' }),
      plain('data.token'),
      thing(
        '({ data }) => data',
        () =>
          ({ data }: { data: unknown }) =>
            data,
      ),
    ),
    check: oneOf('background', 'blocking', false).map(plain),
    refresh: perhaps(promising),
    exchange: perhaps(promising),
    rotate: perhaps(rotation),
    autoLogin: oneOf(true, true, true, false),
    given: init,
    concurrency: oneOf(1, 2, 9),
    hasListener: fc.boolean(),
    stored: fc.boolean(),
  }),
  calls: fc.array(fc.record({ kind: oneOf(...KINDS), at: oneOf(0, 0, 0, 15, 900) }), {
    minLength: 1,
    maxLength: 6,
  }),
  codes: fc.array(conduct(code, 24), { minLength: 1, maxLength: 3 }),
  checks: fc.array(conduct(any, 6), { minLength: 1, maxLength: 2 }),
  logins: fc.array(conduct(loginAnswer, 12), { minLength: 1, maxLength: 3 }),
  requests: fc.array(conduct(answer, 6), { minLength: 1, maxLength: 4 }),
})

function tell({ setting, calls, ...scripts }: Answers): string[] {
  const { attach, token, check, concurrency, stored, given, autoLogin, ...own } = setting
  return [
    `a client with attach ${attach.words}, login.token ${token.words}, checkSession ${check.words}, ${concurrency} lanes, ${stored ? 'a' : 'no'} stored token`,
    ...(['refresh', 'exchange', 'rotate'] as const).map((name) => `${name}: ${own[name]?.words ?? 'none'}`),
    `autoLogin: ${autoLogin}; setSession is given ${given.words}`,
    ...calls.map(({ kind, at }, n) => `at ${at} ms call ${n}: ${kind}`),
    ...tellAll('wx.login', scripts.codes),
    ...tellAll('wx.checkSession', scripts.checks),
    ...tellAll('a login request', scripts.logins),
    ...tellAll('any other request', scripts.requests),
  ]
}

const tellAll = (api: string, script: Conduct[]) =>
  script.map(({ moves, isThrown, returned }, n) => {
    const said = moves.map(({ way, after, value }) => `${way}(${value.words}) ${when(after)}`)
    const ends = isThrown ? 'and throws' : `and returns ${returned.words}`
    return `${api} no. ${n + 1}: ${said.join(', then ') || 'never calls back'}, ${ends}`
  })
const when = (after: number) => (after < 0 ? 'within the call' : `after ${after} ms`)

/** WeChat quotes what it was given, in the words of some failures. */
function quoting(answer: unknown, { url, header, data }: Record<string, unknown>): unknown {
  const { errMsg } = Object(answer) as { errMsg?: unknown }
  if (typeof errMsg !== 'string' || !/\{(url|header)\}/.test(errMsg)) return answer
  const quoted = { url: String(url), header: JSON.stringify(header), data: String(data) }
  const said = errMsg.replace(/\{(url|header|data)\}/g, (_, field: keyof typeof quoted) => quoted[field])
  return { ...(answer as object), errMsg: said }
}

/** WeChat as the script says, for as long as it is told to follow it. */
function hostileWx(judge: Judge, { codes, checks, logins, requests, setting }: Answers) {
  const fake = createFakeWeChat({ clock: judge.clock, record: false })
  if (setting.stored) fake.storage.set('miniprogram-session', { token: `${TOKEN}-old` })
  const stage = { isHostile: true }
  const counts = new Map<Conduct[], number>()

  function follow(script: Conduct[], options: Record<string, unknown>): unknown {
    const count = counts.get(script) ?? 0
    counts.set(script, count + 1)
    const { moves, isThrown, returned } = script[count % script.length] as Conduct
    for (const { way, after, value } of moves) {
      const run = () => {
        try {
          const callback = options[way] as ((value: unknown) => void) | undefined
          callback?.(quoting(value.make(), options))
        } catch (error) {
          judge.find(`${way} threw ${String(error)} into WeChat`)
        }
      }
      if (after < 0) run()
      else judge.clock.setTimeout(run, after)
    }
    if (isThrown) boom()
    return returned.make()
  }

  const send = (options: Record<string, unknown>): unknown => {
    if (!stage.isHostile) {
      const callback = options['success'] as (value: unknown) => void
      judge.clock.setTimeout(() => callback({ statusCode: 200, data: { ok: true }, header: {} }), 10)
      return { abort: () => undefined }
    }
    return follow(String(options['url']).includes('/login') ? logins : requests, options)
  }
  const wx = {
    ...fake.wx,
    request: send,
    uploadFile: send,
    downloadFile: send,
    login: (options: Record<string, unknown>) => follow(codes, options),
    checkSession: (options: Record<string, unknown>) => follow(checks, options),
  }
  return { wx: wx as object as Platform, stage }
}

function perform(judge: Judge, api: Client, { kind }: Call, name: string, given: Thing): void {
  const watch = (start: () => unknown) => judge.watch(name, start)
  switch (kind) {
    case 'get':
      return void watch(() => api.get('/orders', { page: 1 }))
    case 'head':
      return void watch(() => api.head('/orders'))
    case 'post':
      return void watch(() => api.post('/orders', { title: 'cup' }))
    case 'put':
      return void watch(() => api.put('/orders/1', { title: 'cup' }))
    case 'request':
      return void watch(() => api.request({ url: '/orders' }))
    case 'request with callbacks':
      return judge.watchCallbacks(name, (complete) =>
        api.request({ url: '/orders', complete } as object as RequestOptions),
      )
    case 'upload':
      return void watch(() => {
        const task = api.uploadFile({ url: '/avatar', filePath: 'a.png', name: 'file' })
        task.onProgressUpdate(() => undefined)
        task.onHeadersReceived(() => undefined)
        return task
      })
    case 'download':
      return void watch(() => api.downloadFile({ url: '/avatar' }))
    case 'verified':
    case 'optional':
      return void watch(() => api.get('/me', undefined, { auth: kind }))
    case 'authorize':
      return void watch(() =>
        api.authorize(() => Promise.reject(Object.assign(new Planted(), { status: 401 }))),
      )
    case 'ensureLogin':
      return void watch(() => api.ensureLogin())
    case 'force':
      return void watch(() => api.ensureLogin({ force: true }))
    case 'aborted':
      return void watch(() => {
        const task = api.get('/orders')
        judge.clock.setTimeout(() => task.abort(), 5)
        return task
      })
    case 'chunked':
      return void watch(() => {
        const task = api.request({ url: '/stream', enableChunked: true })
        task.onChunkReceived(() => undefined)
        return task
      })
    case 'setSession':
      return void watch(() => setSession(api, given.make()))
    case 'with data':
      return void watch(() => api.ensureLogin({ data: { phoneCode: 'of-another-kind' } }))
    case 'logout':
      return void watch(() => api.logout())
  }
}

/** Whatever WeChat and the server answer. */
export const answers: Family<Answers> = {
  name: 'answers',
  arbitrary,
  tell,
  async live(given, { createClient }) {
    const judge = new Judge()
    const { wx, stage } = hostileWx(judge, given)
    const { attach, token, check, concurrency, hasListener, refresh, exchange, rotate, autoLogin } =
      given.setting
    const options = {
      platform: wx,
      baseURL: HOME,
      login: {
        ...(exchange ? { exchange: exchange.make() } : { url: '/login' }),
        ...(refresh && { refresh: refresh.make() }),
        timeout: 2000,
        ...(token.make() !== undefined && { token: token.make() }),
      },
      autoLogin,
      ...(rotate && { rotate: rotate.make() }),
      attach: attach.make(),
      checkSession: check.make(),
      timeout: 3000,
      retry: 1,
      concurrency,
      ...(hasListener && { onEvent: judge.hearEvent }),
    } as ClientOptions
    const api = createClient(options)
    given.calls.forEach((call, n) => {
      judge.clock.setTimeout(
        () => perform(judge, api, call, `call ${n} (${call.kind})`, given.setting.given),
        call.at,
      )
    })
    await judge.letTimePass()
    stage.isHostile = false
    await judge.probe(api, concurrency)
    return judge.end()
  },
}
