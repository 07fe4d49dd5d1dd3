import type { Dialect, Native } from './dialect'
import type { PlatformTraits } from './wechat'
import { ConfigError } from '../errors'
import { LANES } from '../transport/lanes'
import { overrideMethod } from '../transport/serialize'

declare const wx: unknown

/** What the core asks of a platform that is not WeChat. */
export function traitsOf(native: Native, dialect: Dialect, has: (name: string) => boolean): PlatformTraits {
  const {
    name,
    object,
    login,
    methods,
    hasOthers,
    bodiless = [],
    noLogin,
    isHere,
    concurrency = LANES,
  } = dialect
  let isFit = false
  return {
    name,
    native,
    login: `${object}.${login}`,
    concurrency,
    suit(options, header) {
      const { method, data } = options
      if (methods.indexOf(method) < 0) {
        if (header || !hasOthers) overrideMethod(options, header, name)
      } else if (bodiless.indexOf(method) >= 0 && data !== undefined && data !== null)
        throw new ConfigError(
          `is a ${method} with a body, which ${name} would send as a query. Use post(), or say it in the query.`,
        )
    },
    verify() {
      if (isFit) return
      const missing = ['request', noLogin ? 'request' : login].filter((call) => !has(call))[0]
      if (missing)
        throw new ConfigError(
          `platform: ${name} needs ${object}.${missing}(), which the object given does not have. Is it ${object}, and its base library new enough?`,
        )
      // An app may have called its platform `wx` as well.
      if (isHere && !isHere() && typeof wx === 'object' && native === wx)
        throw new ConfigError(`platform: the object given is not ${object}, but wx.`)
      isFit = true
    },
  }
}
