import { isThenable } from '../app-code'
import { ConfigError } from '../errors'
import { PLATFORMS } from '../platforms/wechat'
import { isHeaderName } from '../transport/headers'
import { isRecord } from '../transport/snapshot'

/** What an option may be: a predicate, and the words for a message. */
export interface Rule {
  readonly must: string
  readonly holds: (value: unknown) => boolean
  /** For an object whose fields are all ours. */
  readonly fields?: Rules | undefined
}
export type Rules = Readonly<Record<string, Rule>>

/** A table without a prototype: an option may be called `constructor`. */
export const table = (...rules: readonly Rules[]): Rules =>
  Object.assign(Object.create(null) as Rules, ...rules) as Rules

export const rule = (must: string, holds: (value: unknown) => boolean, fields?: Rules): Rule => ({
  must,
  holds,
  fields,
})

export const either = (...rules: readonly Rule[]): Rule => {
  const words = rules.map(({ must }) => must)
  const last = words.pop()
  return rule(
    [words.join(', '), last].filter(Boolean).join(' or '),
    (value) => rules.some(({ holds }) => holds(value)),
    rules.map(({ fields }) => fields).filter(Boolean)[0],
  )
}

/** These very values. */
export const one = (...values: readonly unknown[]): Rule =>
  either(
    ...values.map((value) =>
      rule(typeof value === 'string' ? `'${value}'` : String(value), (given) => given === value),
    ),
  )

/** Another name is right: as other libraries have it, and WeChat would drop it without a word. */
const called = (name: string): Rule => rule(`called ${name}`, () => false)

export const object = (fields?: Rules): Rule =>
  rule(
    'an object',
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value) && !isThenable(value),
    fields,
  )

export const FUNCTION = rule('a function', (value) => typeof value === 'function')
export const OBJECT = object()
export const TEXT = rule('a string', (value) => typeof value === 'string' && value !== '')
export const FLAG = one(true, false)
/** A store of the app's own, for a session or for answers. */
export const STORE = rule('a store with get, set and remove', (value) => {
  const { get, set, remove } = Object(value) as Record<string, unknown>
  return [get, set, remove].every(FUNCTION.holds)
})
export const LIST = rule('a list', Array.isArray)
const listOf = (type: string): Rule =>
  rule(`a list of ${type}s`, (value) => Array.isArray(value) && value.every((one) => typeof one === type))
const isWhole = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value % 1 === 0
export const WHOLE = rule('a whole number', isWhole)
export const MILLISECONDS = rule('a number of ms above 0', (value) => typeof value === 'number' && value > 0)
const SIGNAL = rule('an object with aborted and addEventListener', (value) => {
  const { addEventListener } = Object(value) as { addEventListener?: unknown }
  return typeof addEventListener === 'function' && 'aborted' in Object(value)
})
export const QUERY = rule(
  'an object with names: { ids: [1, 2] } becomes ids=1&ids=2. A body goes in data',
  OBJECT.holds,
)
const LOGIN_DATA = rule('an object that can be written as JSON', (value) => {
  try {
    return OBJECT.holds(value) && Boolean(JSON.stringify(value))
  } catch {
    return false
  }
})
const AUTH = one(true, false, 'verified', 'optional')
const RETRY = either(
  WHOLE,
  object(table({ limit: WHOLE, methods: listOf('string'), statusCodes: listOf('number'), delay: FUNCTION })),
  one(false),
)

/** What a client says for all its requests, and a request for itself. */
const SHARED = table({
  timeout: MILLISECONDS,
  totalTimeout: MILLISECONDS,
  retry: RETRY,
  throwHttpErrors: FLAG,
  unwrap: FUNCTION,
  auth: AUTH,
})

/** Is told elsewhere, if it is wrong. */
const ANY = rule('', () => true)

/** What a request says to entries: each that is imported adds its fields. Whatever else is there is the app's own. */
export const CONTEXT: Record<string, Rule> = table()

/** Where a token is found in an answer. */
const PLACE = rule(
  "{ header: 'X-Token' }, { cookie: 'sid' }",
  (value) => {
    const { cookie, header = cookie } = Object(value) as { cookie?: unknown; header?: unknown }
    return isHeaderName(header)
  },
  table({ header: ANY, cookie: ANY }),
)

/** Fields that are ours; what else a request has goes to WeChat untouched. */
export const REQUEST_OPTIONS = table(SHARED, {
  header: OBJECT,
  query: QUERY,
  context: object(CONTEXT),
  isUnauthorized: either(FUNCTION, one(false)),
  signal: SIGNAL,
  url: ANY,
  method: ANY,
  data: ANY,
  success: ANY,
  fail: ANY,
  complete: ANY,
  headers: called('header'),
  params: called('query'),
  body: called('data'),
})

const LOGIN_OPTIONS = table({
  url: TEXT,
  exchange: FUNCTION,
  code: FLAG,
  method: TEXT,
  data: either(OBJECT, FUNCTION),
  header: OBJECT,
  token: either(TEXT, PLACE, FUNCTION),
  expiresIn: TEXT,
  refresh: FUNCTION,
  timeout: either(MILLISECONDS, one(false)),
  retry: RETRY,
})

const STORAGE_OPTIONS = table({ key: TEXT, encrypt: FLAG, get: FUNCTION, set: FUNCTION, remove: FUNCTION })

/** What belongs to the session, which clones share. */
export const OF_THE_SESSION = table({
  login: either(object(LOGIN_OPTIONS), FUNCTION),
  autoLogin: FLAG,
  rotate: either(PLACE, FUNCTION),
  checkSession: one('background', 'blocking', false),
  storage: object(STORAGE_OPTIONS),
  concurrency: rule('a whole number above 0', (value) => isWhole(value) && value !== 0),
  platform: rule(
    `an object with request(): ${PLATFORMS}`,
    (value) => typeof (Object(value) as { request?: unknown }).request === 'function',
  ),
  onEvent: FUNCTION,
})

const OPTIONS = table(SHARED, OF_THE_SESSION, {
  baseURL: either(one(''), TEXT, LIST, FUNCTION),
  attach: either(one('bearer'), object(table({ header: ANY, cookie: ANY, query: ANY, body: ANY })), FUNCTION),
  isUnauthorized: FUNCTION,
  header: either(OBJECT, FUNCTION),
  methodOverride: rule('true or the name of a header', (value) => value === true || isHeaderName(value)),
  authOrigins: LIST,
  use: listOf('function'),
})

/** Unknown names are refused only where all are ours; else they are given back. */
export function check(
  given: object,
  rules: Rules,
  prefix: string,
  refusesUnknown: boolean,
): string[] | undefined {
  let unknown: string[] | undefined
  for (const name in given) {
    const rule = rules[name]
    const value = (given as Record<string, unknown>)[name]
    if (!rule) {
      if (refusesUnknown)
        throw new ConfigError(`${prefix}${name} is no option. There are: ${Object.keys(rules).join(', ')}.`)
      unknown = (unknown || []).concat(name)
      continue
    }
    if (value === undefined) continue
    if (!rule.holds(value)) throw new ConfigError(`${prefix}${name} must be ${rule.must}.`)
    // A store of the app's own has whatever else it needs.
    const { fields } = rule
    if (fields && typeof value === 'object')
      check(
        Object(value) as object,
        fields,
        `${prefix}${name}.`,
        fields !== CONTEXT && (fields !== STORAGE_OPTIONS || !('get' in Object(value))),
      )
  }
  return unknown
}

export function checkOptions(options: object): void {
  check(options, OPTIONS, '', true)
}

/** Gives the names of what is WeChat's. */
export function checkRequest(extras: object): string[] | undefined {
  return check(extras, REQUEST_OPTIONS, 'cannot be sent: ', false)
}

/** `null` stands for what is missing and must not be. */
export function checkAuthorize(run: unknown = null, isUnauthorized: unknown): void {
  check({ run, isUnauthorized }, table({ run: FUNCTION, isUnauthorized: FUNCTION }), 'cannot be run: ', true)
}

export function checkEnsureLogin(given: unknown): void {
  if (given !== undefined && !isRecord(given))
    throw new ConfigError('ensureLogin() takes an object: { force: true }.')
  check(Object(given) as object, table({ force: FLAG, data: LOGIN_DATA }), 'ensureLogin(): ', true)
}

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'CONNECT']

/** A method that can be sent, in capitals. */
export function knownMethod(method: unknown, subject = 'has a method'): string {
  const name = typeof method === 'string' ? method : ''
  const known = METHODS[METHODS.indexOf(name)] || METHODS[METHODS.indexOf(name.toUpperCase())]
  if (known) return known
  throw new ConfigError(`${subject} that does not exist. There are: ${METHODS.join(', ')}.`)
}
