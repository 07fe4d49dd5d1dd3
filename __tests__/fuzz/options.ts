import fc from 'fast-check'
import type { Client, ClientOptions, Query, RequestOptions } from '../../src'
import { ConfigError } from '../../src'
import { createFakeWeChat, type FakeWeChat } from '../../src/testing'
import type { Family } from './family'
import { Judge, told } from './judge'
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

/** One option, set to what it should not be: by its path, such as `login.token`. */
export interface Change {
  path: string
  value: Thing
}

interface Send {
  kind: (typeof KINDS)[number]
  /** In place of everything that is given to it. */
  whole: Thing | undefined
  changes: Change[]
}

export interface Options {
  client: Change[]
  /** In place of all options. */
  whole: Thing | undefined
  clone: Change[] | undefined
  sends: Send[]
  /** How the first requests end, whatever they are. */
  trouble: ('offline' | 'busy' | 'refused' | 'fine')[]
}

const KINDS = [
  'get',
  'post',
  'patch',
  'delete',
  'request',
  'upload',
  'download',
  'authorize',
  'ensureLogin',
  'setSession',
] as const
const TOKEN = `token-${SECRET}`

const CLIENT_PATHS = [
  'login',
  'login.url',
  'login.method',
  'login.data',
  'login.header',
  'login.token',
  'login.expiresIn',
  'login.timeout',
  'login.retry',
  'login.code',
  'login.exchange',
  'login.refresh',
  'login.unknown',
  'autoLogin',
  'auth',
  'rotate',
  'rotate.header',
  'rotate.cookie',
  'methodOverride',
  'baseURL',
  'attach',
  'isUnauthorized',
  'unwrap',
  'checkSession',
  'storage',
  'storage.key',
  'storage.encrypt',
  'header',
  'timeout',
  'totalTimeout',
  'retry',
  'retry.limit',
  'retry.methods',
  'retry.statusCodes',
  'concurrency',
  'authOrigins',
  'throwHttpErrors',
  'platform',
  'onEvent',
  'unknown',
  '__proto__',
] as const
const FUNCTION_PATHS = [
  'login.data',
  'login.token',
  'baseURL',
  'attach',
  'isUnauthorized',
  'unwrap',
  'header',
  'retry.delay',
  'rotate',
  'onEvent',
] as const
/** Some of them have to answer at once: a promise there is a mistake that is told, and its rejection is nobody's. */
const ASYNC_PATHS = [
  'login',
  'login.exchange',
  'login.data',
  'login.refresh',
  'attach',
  'header',
  'isUnauthorized',
  'rotate',
  'use.0',
  'use.1',
  'storage.get',
  'storage.set',
] as const
const LISTS: readonly (readonly [path: string, value: unknown])[] = [
  [`baseURL`, ['https://a.test', 'https://b.test']],
  ['baseURL', []],
  ['autoLogin', false],
  ['auth', 'optional'],
  ['auth', false],
  ['methodOverride', true],
  ['rotate', { header: 'X-Next' }],
  ['rotate', { cookie: 'sid' }],
  ['login.code', false],
  ['login.timeout', false],
  ['authOrigins', ['https://api.test', 'nowhere']],
  ['attach', { header: 'x-wx-token' }],
  ['attach', { cookie: 'a b' }],
  ['attach', { body: 'access_token' }],
  ['attach', { query: '&=' }],
  ['login.token', { cookie: '.*' }],
  ['header', { 'Content-Type': 'application/x-www-form-urlencoded' }],
  ['header', { Authorization: 'mine', authorization: 'mine too' }],
]

/** An attach function that writes anything on the request. */
const writer = fc
  .record({ field: oneOf('url', 'method', 'header', 'data'), value: carried })
  .map(({ field, value }) =>
    thing(`a function that sets ${field} to ${value.words}`, () => (request: Record<string, unknown>) => {
      request[field] = value.make()
    }),
  )
/** Middleware that hands on anything as the request, or as the answer. */
const middleware = fc.oneof(
  any.map(({ words, make }) =>
    thing(
      `middleware that hands on ${words}`,
      () => (_: unknown, next: (request: unknown) => unknown) => next(make()),
    ),
  ),
  fc.constant(
    thing('middleware that asks twice', () => async (_: unknown, next: () => Promise<unknown>) => {
      await next().catch(() => undefined)
      return next()
    }),
  ),
)

/** What an async `unwrap` rejects with is the app's own, and reaches it as it is. */
const promising = any.map(({ words, make }) =>
  thing(`a function that promises ${words}`, () => () => Promise.resolve(make())),
)

const change = (paths: readonly string[], value: fc.Arbitrary<Thing>): fc.Arbitrary<Change> =>
  fc.record({ path: oneOf(...paths), value })

const clientChange: fc.Arbitrary<Change> = fc.oneof(
  { weight: 6, arbitrary: change(CLIENT_PATHS, any) },
  { weight: 3, arbitrary: change(FUNCTION_PATHS, functions) },
  { weight: 3, arbitrary: change(ASYNC_PATHS, asyncFunctions) },
  { weight: 1, arbitrary: change(['attach'], writer) },
  { weight: 1, arbitrary: change(['unwrap'], promising) },
  { weight: 1, arbitrary: change(['use.0'], middleware) },
  { weight: 2, arbitrary: oneOf(...LISTS).map(([path, value]) => ({ path, value: plain(value) })) },
  {
    weight: 1,
    arbitrary: change(
      ['platform.login', 'platform.checkSession', 'platform.getStorageSync', 'platform.getLaunchOptionsSync'],
      fc.oneof(any, functions),
    ),
  },
)

const SEND_PATHS = [
  'url',
  'method',
  'data',
  'query',
  'header',
  'auth',
  'retry',
  'timeout',
  'totalTimeout',
  'throwHttpErrors',
  'unwrap',
  'context',
  'formData',
  'success',
  'fail',
  'complete',
  'filePath',
  'name',
  'force',
  'isUnauthorized',
  'enableChunked',
  'signal',
  'dataType',
  '__proto__',
] as const

const sendChange: fc.Arbitrary<Change> = fc.oneof(
  { weight: 6, arbitrary: change(SEND_PATHS, any) },
  {
    weight: 2,
    arbitrary: fc
      .record({
        path: oneOf('data', 'query', 'header', 'formData', 'retry'),
        key: oneOf('a', 'a b', '', 'delay'),
        value: any,
      })
      .map(({ path, key, value }) => ({ path: `${path}.${key}`, value })),
  },
  { weight: 1, arbitrary: change(['unwrap', 'success', 'fail', 'retry.delay', 'isUnauthorized'], functions) },
  {
    weight: 1,
    arbitrary: change(['method'], oneOf('PATCH', 'patch', 'delete', 'OPTIONS', 'CONNECT', 'BREW').map(plain)),
  },
)

const some = (one: fc.Arbitrary<Change>) => fc.array(one, { minLength: 1, maxLength: 3 })
const rarely = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: one })

const arbitrary: fc.Arbitrary<Options> = fc.record({
  client: fc.oneof(fc.constant<Change[]>([]), some(clientChange)),
  whole: rarely(any),
  clone: rarely(some(clientChange)),
  sends: fc.array(
    fc.record({
      kind: oneOf(...KINDS),
      whole: rarely(any),
      changes: fc.oneof(fc.constant<Change[]>([]), some(sendChange)),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  trouble: fc.array(oneOf('offline', 'busy', 'refused', 'fine'), { maxLength: 3 }),
})

function tell({ client, whole, clone, sends, trouble }: Options): string[] {
  return [
    whole ? `createClient(${whole.words})` : `a client whose ${tellChanges(client)}`,
    ...(clone ? [`extended so that ${tellChanges(clone)}`] : []),
    `the first requests end like this: ${trouble.join(', ') || 'fine'}`,
    ...sends.map(({ kind, whole: all, changes }) =>
      all
        ? `${kind}: given ${all.words} (else: ${tellChanges(changes)})`
        : `${kind}: ${tellChanges(changes)}`,
    ),
  ]
}

const tellChanges = (changes: Change[]) =>
  changes.map(({ path, value }) => `${path} is ${value.words}`).join(', ') || 'options are as they should be'

/** A copy of the options with the changes in it. */
function changed(options: object, changes: Change[]): object {
  const copy = { ...options } as Record<string, unknown>
  for (const { path, value } of changes) {
    const [first = '', key] = path.split('.')
    if (key === undefined) {
      if (first === '__proto__') Object.setPrototypeOf(copy, Object(value.make()) as object)
      else copy[first] = value.make()
      continue
    }
    const inner = copy[first]
    const isIndex = /^\d$/.test(key)
    const open: object = isIndex ? [...((inner as unknown[] | undefined) ?? [])] : { ...(inner as object) }
    // A hole in a list would be a mistake of another kind.
    if (isIndex && key === '1' && !(0 in open)) (open as unknown[]).push(value.make())
    else Object.assign(open, { [key]: value.make() })
    copy[first] = open
  }
  return copy
}

/** A server that answers well, once its troubles are over. */
function troubled(fake: FakeWeChat, trouble: Options['trouble']): void {
  const ways = {
    offline: { fail: 'disconnected' },
    busy: { statusCode: 503 },
    refused: { statusCode: 401 },
    fine: {},
  } as const
  const left = [...trouble]
  fake.server.on('/orders', (request) => {
    const way = left.shift()
    if (way !== undefined && way !== 'fine') return ways[way]
    return fake.server.isAuthorized(request) ? { data: { ok: true } } : fake.server.refusal(request)
  })
  fake.server.on('/', () => ({ data: { ok: true } }))
  fake.server.loginReply = (token) => ({ data: { token, data: { token }, session_key: `key-${SECRET}` } })
}

function perform(judge: Judge, api: Client, { kind, whole, changes }: Send, name: string): void {
  const given = (options: object) => (whole ? whole.make() : changed(options, changes)) as RequestOptions
  judge.watch(name, () => {
    switch (kind) {
      case 'get':
      case 'delete':
      case 'patch':
      case 'post': {
        const { url, data, ...options } = changed({ url: '/orders', data: { a: 1 } }, changes) as Record<
          string,
          unknown
        >
        return api[kind](url as string, data as Query, (whole ? whole.make() : options) as object)
      }
      case 'request':
        return api.request(given({ url: '/orders' }))
      case 'upload':
        return api.uploadFile(given({ url: '/orders', filePath: 'a.png', name: 'file' }) as never)
      case 'download':
        return api.downloadFile(given({ url: '/orders' }))
      case 'authorize':
        return api.authorize(
          () => Promise.reject(Object.assign(new Planted(), { status: 401 })),
          given({}) as never,
        )
      case 'setSession':
        return setSession(api, given({ token: TOKEN }))
      case 'ensureLogin':
        return api.ensureLogin(given({}) as { force?: boolean })
    }
  })
}

/** Whatever is given as options: to the client, to a clone, to a request. */
export const options: Family<Options> = {
  name: 'options',
  arbitrary,
  tell,
  async live(given, { createClient }) {
    const judge = new Judge()
    const fake = createFakeWeChat({ clock: judge.clock, record: false })
    fake.storage.set('miniprogram-session', { token: fake.server.issue(TOKEN) })
    troubled(fake, given.trouble)
    const usual = {
      platform: fake.wx,
      baseURL: 'https://api.test',
      login: { url: '/login' },
      onEvent: judge.hearEvent,
    }
    let api: Client | undefined
    try {
      api = createClient((given.whole ? given.whole.make() : changed(usual, given.client)) as ClientOptions)
      if (given.clone) api = api.extend(changed({}, given.clone))
    } catch (error) {
      if (!(error instanceof ConfigError || error instanceof Planted))
        judge.find(`createClient or extend threw ${told(error)}, which is no ConfigError`)
    }
    if (api) {
      const ready = api
      given.sends.forEach((send, n) => perform(judge, ready, send, `call ${n} (${send.kind})`))
      await judge.letTimePass()
    }
    return judge.end()
  },
}
