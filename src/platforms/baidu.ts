import { adapt } from './adapt'
import { errnoOf } from './adapt-failures'
import type { Dialect } from './dialect'
import { emptyIfMissing } from './missing-key'
import { withObject } from './objects'
import type { Platform } from './wechat'

/** Baidu's `swan`, whatever typings describe it. */
export interface BaiduObject {
  readonly request: CallableFunction
}

/**
 * Baidu, as `createClient` takes it.
 *
 * ```ts
 * const api = createClient({ platform: baidu(swan), baseURL: 'https://api.example.com', login: { url: '/login' } })
 * ```
 */
export function baidu(swan: BaiduObject): Platform {
  const { getLoginCode, isLoginSync } = Object(swan) as Record<string, unknown>
  // swan.login is deprecated for swan.getLoginCode; what has neither of the new ones is another platform (login pages, 2021).
  const isOld = !getLoginCode && typeof isLoginSync === 'function'
  return adapt(swan, isOld ? Object.assign({}, BAIDU, { login: 'login' }) : BAIDU)
}

const BAIDU: Dialect = {
  name: 'Baidu',
  object: 'swan',
  login: 'getLoginCode',
  // Android has TRACE and CONNECT too, iOS has not (request page).
  methods: ['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
  // Android runs five for each host, iOS six in all (request page).
  concurrency: 5,
  longest: 60_000,
  send(options, api) {
    // Addresses with other characters fail on iOS (reported).
    options['url'] = String(options['url']).replace(/[^\0-\x7f]+/g, encodeURIComponent)
    if (api === 'request') withObject(options)
  },
  // 10004: not logged in, or refused; a code then needs a tap on a button of open-type login (login pages).
  required: (outcome) =>
    errnoOf(outcome) === 10004
      ? 'Nobody is logged in to Baidu (swan.getLoginCode, 10004). Show a button with open-type="login", and call ensureLogin() once it was tapped.'
      : undefined,
  cause(failure, api) {
    const errno = errnoOf(failure)
    return api !== 'login' ? undefined : errno === 10002 ? 'network' : errno === 10007 ? 'timeout' : undefined
  },
  // An internal error, no network, no time (login page).
  noVerdict: [10001, 10002, 10007],
  changes: emptyIfMissing,
}
