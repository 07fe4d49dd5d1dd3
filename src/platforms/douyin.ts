import { adapt } from './adapt'
import type { Raw } from './adapt-failures'
import type { Dialect } from './dialect'
import { emptyIfMissing } from './missing-key'
import type { Platform } from './wechat'

/** Douyin's `tt`, whatever typings describe it. */
export interface DouyinObject {
  readonly request: CallableFunction
  readonly login: CallableFunction
}

export interface DouyinOptions {
  /** Whether `tt.login` opens the login of Douyin itself for a guest. Default `false`: a guest gets `LOGIN_REQUIRED`. */
  force?: boolean
}

/**
 * Douyin, as `createClient` takes it.
 *
 * ```ts
 * const api = createClient({ platform: douyin(tt), baseURL: 'https://api.example.com', login: { url: '/login' } })
 * ```
 */
export function douyin(tt: DouyinObject, { force = false }: DouyinOptions = {}): Platform {
  return adapt(tt, Object.assign({}, DOUYIN, { loginOptions: { force } }))
}

declare const tt: unknown

const DOUYIN: Dialect = {
  name: 'Douyin',
  object: 'tt',
  login: 'login',
  methods: ['GET', 'POST', 'OPTIONS', 'PUT', 'HEAD', 'DELETE', 'PATCH'],
  // All but POST, PUT and PATCH send data as a query (tt.request page).
  bodiless: ['DELETE', 'OPTIONS'],
  longest: 60_000,
  isHere: () => typeof tt === 'object',
  send(options, api) {
    if (api === 'request') options['data'] = asObject(options)
  },
  // A guest is a success with an anonymousCode and no code (tt.login page).
  required: ({ code, anonymousCode, isLogin }, words) =>
    (!code && (anonymousCode || isLogin === false)) || /host login fail/.test(words) ? REQUIRED : undefined,
  // 113191: the check itself has failed (tt.checkSession page).
  noVerdict: [113191],
  changes: emptyIfMissing,
}

const REQUIRED =
  'Nobody is logged in to Douyin (tt.login). On a tap call tt.login({ force: true }), then ensureLogin(); or use douyin(tt, { force: true }).'

/** Its data is an object, an array or a buffer; of text nothing is said, and the values of a form are text (tt.request page). */
function asObject({ data, header }: Raw): unknown {
  if (typeof data !== 'string') return data
  const names = Object(header) as Record<string, unknown>
  const type = Object.keys(names).filter((name) => name.toLowerCase() === 'content-type')[0]
  if (type && /x-www-form-urlencoded/i.test(String(names[type]))) return formIn(data)
  if (!/^\s*[[{]/.test(data)) return data
  try {
    return JSON.parse(data) as unknown
  } catch {
    return data
  }
}

/** A name that comes twice cannot be said by an object: the text stays. */
function formIn(text: string): unknown {
  const form: Record<string, string> = {}
  for (const pair of text.split('&')) {
    const [name = '', value = ''] = pair.split('=').map(decodeURIComponent)
    if (name in form) return text
    form[name] = value
  }
  return form
}
