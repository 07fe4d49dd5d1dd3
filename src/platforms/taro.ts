import type { Raw } from './adapt-failures'
import { baidu } from './baidu'
import type { Dialect } from './dialect'
import { douyin, type DouyinObject } from './douyin'
import { behindAlipay, likeWeChat, withoutLogin } from './frameworks'
import { jdPlatform } from './jd'
import { kuaishou } from './kuaishou'
import type { Platform } from './wechat'

/** Taro's `Taro`. */
export interface TaroObject {
  readonly request: CallableFunction
}

/** What `taroPlatform` takes beside `Taro`: for the platform that the app is built for. */
export interface TaroOptions {
  /** On Douyin: see `douyin()`. Default `false`. */
  force?: boolean
}

/**
 * Taro, as `createClient` takes it, on whatever it was built for. H5 has no login that gives a code: it needs
 * `login: { code: false, exchange }`. On Alipay Taro asks for `auth_base`, and for nothing else.
 *
 * ```ts
 * const api = createClient({ platform: taroPlatform(Taro), baseURL: 'https://api.example.com', login: { url: '/login' } })
 * ```
 */
export function taroPlatform(Taro: TaroObject, { force = false }: TaroOptions = {}): Platform {
  const target = targetOf(Taro)
  const native = Taro as DouyinObject
  if (target === 'alipay') return behindAlipay(Taro, 'Taro', 'auth_base')
  if (target === 'swan') return baidu(Taro)
  if (target === 'tt') return douyin(native, { force })
  if (target === 'kwai') return kuaishou(native)
  if (target === 'jd') return jdPlatform(native)
  if (NO_LOGIN[target]) return withoutLogin(Taro, NO_LOGIN[target], 'Taro', BY_FETCH)
  if (target === 'weapp' && Object(Taro) === Taro) return Taro as object as Platform
  return likeWeChat(Taro, NAMES[target] || 'Taro', 'Taro')
}

/**
 * What is no JSON would be null, and so would be whatever is asked for in another word than json and text (taro-h5). React Native goes by
 * responseType, and without one gives what fetch does (taro-rn).
 */
const BY_FETCH: Partial<Dialect> = {
  isStrict: true,
  send(options, api) {
    if (api !== 'request') return
    options['dataType'] = 'text'
    options['responseType'] = options['responseType'] || 'text'
  },
}

const NO_LOGIN: Readonly<Record<string, string>> = {
  h5: 'H5',
  web: 'H5',
  rn: 'React Native',
}

const NAMES: Readonly<Record<string, string>> = { qq: 'QQ', xhs: 'Xiaohongshu' }

declare const process: unknown

/** The compiler writes it in; else Taro says it, or is known by what it has. */
function targetOf(Taro: TaroObject): string {
  try {
    const built = (process as { env: { TARO_ENV?: string } }).env.TARO_ENV
    if (built) return built
  } catch {
    // Phones have no process.
  }
  const { getEnv, getAuthCode, getLoginCode } = Object(Taro) as Raw
  try {
    return (getEnv as () => string)().toLowerCase()
  } catch {
    // Fakes, and very old ones.
  }
  return getAuthCode ? 'alipay' : getLoginCode ? 'swan' : 'weapp'
}
