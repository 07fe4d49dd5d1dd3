import { adapt, ask } from './adapt'
import { errnoOf, type Raw } from './adapt-failures'
import { ALIPAY_BASE, alipayCause, alipayRefusal, done, sendToAlipay, taskOfAlipay } from './alipay-common'
import type { Dialect } from './dialect'
import { kindOf } from '../transport/failures'
import type { FailureCause, Platform } from './wechat'

const ON_WECHAT = ['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'CONNECT']

/** The numbers of a request are WeChat's here: uni has them on H5 and App, too. */
function byNumber(raw: Raw, api: string): FailureCause | undefined {
  return api === 'login' ? undefined : kindOf({ errno: errnoOf(raw) }, '')
}

/** A platform of WeChat's shape that is not WeChat. */
export function likeWeChat(framework: unknown, name: string, object: string): Platform {
  return adapt(framework, { name, object, login: 'login', methods: ON_WECHAT, cause: byNumber })
}

/** Where there is no login of a platform's: a browser, an app of its own. */
export function withoutLogin(
  framework: unknown,
  name: string,
  object: string,
  more: Partial<Dialect>,
): Platform {
  return adapt(framework, {
    name,
    object,
    login: 'login',
    methods: ON_WECHAT.concat('PATCH'),
    noLogin: `${name} has no login that gives a code. Use login: { code: false, exchange } with a login page of your own: exchange() gives the token that your server made.`,
    cause: byNumber,
    ...more,
  })
}

/**
 * Alipay as a framework hands it on. uni loses the number of a failure and keeps its words, which are that number where there are no
 * others (uni-mp-alipay); Taro keeps both (plugin-platform-alipay).
 */
export function behindAlipay(framework: unknown, object: string, scopes: unknown): Platform {
  return adapt(framework, {
    ...ALIPAY_BASE,
    object,
    login: 'login',
    loginOptions: { scopes },
    send: sendToAlipay,
    task: taskOfAlipay,
    cause: (raw, api): FailureCause | undefined => alipayCause(numbered(raw), api),
    required: (raw, words) =>
      alipayRefusal(`${object}.login`, /cancel|取消|拒绝/.test(words) ? 11 : numbered(raw)['error']),
    // Both hand on what Alipay's give.
    changes: (native) => ({
      setStorageSync: (key, data) => done(ask(native, 'setStorageSync', key, data)),
      removeStorageSync: (key) => done(ask(native, 'removeStorageSync', key)),
    }),
  })
}

function numbered(raw: Raw): Raw {
  if (raw['error'] !== undefined) return raw
  const [, error] = /:fail (\d+)$/.exec(String(raw['errMsg'])) || []
  return error ? Object.assign({}, raw, { error: Number(error) }) : raw
}
