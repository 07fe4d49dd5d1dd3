/**
 * How the back end under test words things: `session-check.json`. Everything may be left out; what a back end does
 * not have is not tried, but for the login and one route that needs a session.
 */
export interface Mapping {
  /** a command that starts the back end; gets WECHAT_API, WECHAT_APPID, WECHAT_SECRET and PORT in its environment */
  start: string | undefined
  login: {
    request: Route
    /** `$code` stands for the code */
    body: unknown
    token: string
    expiresIn: string
    refreshToken: string
  }
  attach: Attach
  /** a route that needs a session, and where its answer says who the caller is */
  protected: Route
  identity: string
  /** a route that adds something, a body for it, and a route whose answer grows with each */
  write: { request: Route; body: unknown; list: Route } | undefined
  /** a route that this user may not use */
  forbidden: Route | undefined
  /** a route that takes what WeChat encrypts: `$encryptedData`, `$iv`, `$rawData`, `$signature` */
  openData: { request: Route; body: unknown } | undefined
  logout: Route
  refresh: Route
  /** where a back end answers 200 to everything: which bodies mean which status */
  answers: Map<number, Record<string, unknown>>
  /** where the body tells how long to wait, in seconds, if not `Retry-After` */
  retryAfter: string | undefined
  rotation: { token: string; expiresIn: string }
  /** seconds; a life beyond it is taken for milliseconds */
  longestLife: number
}

export interface Route {
  method: string
  path: string
}

export type Attach = 'bearer' | { header: string } | { cookie: string }

type Json = Record<string, unknown>
const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const KNOWN = [
  'start',
  'login',
  'attach',
  'protected',
  'identity',
  'write',
  'forbidden',
  'openData',
  'logout',
  'refresh',
  'unauthorized',
  'answers',
  'retryAfter',
  'rotation',
  'longestLife',
  '$schema',
]

/** All that is wrong with a mapping, a line each. */
export class MappingError extends Error {
  constructor(readonly mistakes: readonly string[]) {
    super(['session-check.json has mistakes:', ...mistakes].join('\n  - '))
    this.name = 'MappingError'
  }
}

export function readMapping(input: unknown): Mapping {
  const mistakes: string[] = []
  const mistake = (text: string) => void mistakes.push(text)
  const given = isJson(input) ? input : {}
  if (!isJson(input)) mistake('It must be a JSON object.')
  for (const name of Object.keys(given)) {
    if (!KNOWN.includes(name)) mistake(`"${name}" is not known: there are ${KNOWN.slice(0, -1).join(', ')}.`)
  }

  function text(from: Json, name: string, at: string, fallback: string): string {
    const value = from[name] ?? fallback
    if (typeof value === 'string' && value !== '') return value
    mistake(`"${at}" must be a text.`)
    return fallback
  }

  function route(value: unknown, at: string, fallback: string): Route {
    const words = value === undefined ? fallback : value
    const [, method, path] = (typeof words === 'string' && /^(?:([A-Z]+) )?(\/\S*)$/.exec(words)) || []
    if (path !== undefined) return { method: method ?? fallback.split(' ')[0] ?? 'GET', path }
    mistake(`"${at}" must be a method and a path, such as "${fallback}".`)
    return { method: 'GET', path: '/' }
  }

  function section(name: string): Json {
    const value = given[name] ?? {}
    if (isJson(value)) return value
    if (typeof value === 'string') return { request: value }
    mistake(`"${name}" must be an object.`)
    return {}
  }

  function attach(value: unknown): Attach {
    if (value === undefined || value === 'bearer') return 'bearer'
    if (isJson(value) && typeof value['header'] === 'string') return { header: value['header'] }
    if (isJson(value) && typeof value['cookie'] === 'string') return { cookie: value['cookie'] }
    mistake('"attach" must be "bearer", { "header": name } or { "cookie": name }.')
    return 'bearer'
  }

  function answers(): Map<number, Json> {
    const map = new Map<number, Json>()
    const table = section('answers')
    const all = given['unauthorized'] === undefined ? table : { ...table, 401: given['unauthorized'] }
    for (const [status, body] of Object.entries(all)) {
      if (!/^[2-5]\d\d$/.test(status)) mistake(`"answers" has "${status}", which is no status.`)
      else if (!isJson(body)) mistake(`"answers.${status}" must be an object of paths and values.`)
      else map.set(Number(status), body)
    }
    return map
  }

  const login = section('login')
  const write = section('write')
  const openData = section('openData')
  const rotation = section('rotation')
  const longest = given['longestLife'] ?? 7_000_000
  if (typeof longest !== 'number' || !(longest > 0)) mistake('"longestLife" must be a number of seconds.')
  const mapping: Mapping = {
    start: given['start'] === undefined ? undefined : text(given, 'start', 'start', ''),
    login: {
      request: route(login['request'] ?? login['path'], 'login.request', 'POST /login'),
      body: login['body'] ?? { code: '$code' },
      token: text(login, 'token', 'login.token', 'token'),
      expiresIn: text(login, 'expiresIn', 'login.expiresIn', 'expiresIn'),
      refreshToken: text(login, 'refreshToken', 'login.refreshToken', 'refreshToken'),
    },
    attach: attach(given['attach']),
    protected: route(given['protected'], 'protected', 'GET /me'),
    identity: text(given, 'identity', 'identity', 'id'),
    write:
      given['write'] === undefined
        ? undefined
        : {
            request: route(write['request'], 'write.request', 'POST /orders'),
            body: write['body'] ?? {},
            list: route(write['list'], 'write.list', 'GET /orders'),
          },
    forbidden:
      given['forbidden'] === undefined ? undefined : route(given['forbidden'], 'forbidden', 'GET /admin'),
    openData:
      given['openData'] === undefined
        ? undefined
        : {
            request: route(openData['request'], 'openData.request', 'POST /open-data'),
            body: openData['body'] ?? { encryptedData: '$encryptedData', iv: '$iv' },
          },
    logout: route(given['logout'], 'logout', 'POST /logout'),
    refresh: route(given['refresh'], 'refresh', 'POST /refresh'),
    answers: answers(),
    retryAfter: given['retryAfter'] === undefined ? undefined : text(given, 'retryAfter', 'retryAfter', ''),
    rotation: {
      token: text(rotation, 'token', 'rotation.token', 'session-token').toLowerCase(),
      expiresIn: text(rotation, 'expiresIn', 'rotation.expiresIn', 'session-expires-in').toLowerCase(),
    },
    longestLife: Number(longest),
  }
  if (mistakes.length > 0) throw new MappingError(mistakes)
  return mapping
}

/** `data.list.0.id`, in what a back end answered. */
export function at(value: unknown, path: string): unknown {
  let current = value
  for (const step of path.split('.')) {
    if (typeof current !== 'object' || current === null) return undefined
    current = (current as Json)[step]
  }
  return current
}

/** Puts values in the place of `$code` and the like, as deep as they stand. */
export function fill(template: unknown, values: Record<string, unknown>): unknown {
  if (typeof template === 'string') {
    return template.startsWith('$') && template.slice(1) in values ? values[template.slice(1)] : template
  }
  if (Array.isArray(template)) return template.map((item: unknown) => fill(item, values))
  if (!isJson(template)) return template
  return Object.fromEntries(Object.entries(template).map(([name, value]) => [name, fill(value, values)]))
}
