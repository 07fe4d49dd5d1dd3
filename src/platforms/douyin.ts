import { adapt } from './adapt'
import type { Dialect } from './dialect'
import { emptyIfMissing } from './missing-key'
import { withObject } from './objects'
import type { Platform } from './wechat'

/** Douyin's `tt`, whatever typings describe it. */
export interface DouyinObject {
  readonly request: CallableFunction
  readonly login: CallableFunction
}

/** What `douyin` takes beside `tt`. */
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
    if (api === 'request') withObject(options)
  },
  // A guest is a success with an anonymousCode and no code (tt.login page).
  required: ({ code, anonymousCode, isLogin }, words) =>
    (!code && (anonymousCode || isLogin === false)) || /host login fail/.test(words) ? REQUIRED : undefined,
  // 113191: the check itself has failed (tt.checkSession page).
  noVerdict: [113191],
  changes: emptyIfMissing,
}

const REQUIRED =
  'Nobody is logged in to Douyin (tt.login). On a tap call tt.login({ force: true }), then ensureLogin(); or give the adapter { force: true }.'
