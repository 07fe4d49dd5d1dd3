import type { Raw } from './adapt-failures'
import { baidu } from './baidu'
import { douyin, type DouyinObject } from './douyin'
import { behindAlipay, likeWeChat, withoutLogin } from './frameworks'
import { jdPlatform } from './jd'
import { kuaishou } from './kuaishou'
import type { Platform } from './wechat'

/** uni-app's `uni`. */
export interface UniObject {
  readonly request: CallableFunction
}

/** What `uniPlatform` takes beside `uni`: for the platform that the app is built for. */
export interface UniOptions {
  /** On Alipay: see `alipay()`. Default `'auth_base'`. */
  scopes?: string | readonly string[]
  /** On Douyin: see `douyin()`. Default `false`. */
  force?: boolean
}

/**
 * uni-app, as `createClient` takes it, on whatever it was built for. H5 and App have no login that gives a code: they need
 * `login: { code: false, exchange }`.
 *
 * ```ts
 * const api = createClient({ platform: uniPlatform(uni), baseURL: 'https://api.example.com', login: { url: '/login' } })
 * ```
 */
export function uniPlatform(uni: UniObject, { scopes = 'auth_base', force }: UniOptions = {}): Platform {
  const target = targetOf(uni)
  const native = uni as DouyinObject
  if (target === 'mp-alipay') return behindAlipay(uni, 'uni', scopes)
  if (target === 'mp-baidu') return baidu(uni)
  if (target === 'mp-toutiao' || target === 'mp-lark') return douyin(native, { force: force || false })
  if (target === 'mp-kuaishou') return kuaishou(native)
  if (target === 'mp-jd') return jdPlatform(native)
  if (target === 'h5' || target === 'web') return withoutLogin(uni, 'H5', 'uni', { task: withoutHead })
  if (/^app/.test(target)) return withoutLogin(uni, 'App', 'uni', {})
  if (target === 'mp-weixin' && Object(uni) === uni) return uni as object as Platform
  return likeWeChat(uni, NAMES[target] || 'uni', 'uni')
}

/** The head of an upload or a download is asked for in vain: the call throws (uni-h5). */
function withoutHead(task: Raw, api: string): object {
  const own = task as Record<string, ((listener?: unknown) => void) | undefined>
  return api === 'request'
    ? task
    : {
        abort: () => own['abort']?.(),
        onProgressUpdate: (listener: unknown) => own['onProgressUpdate']?.(listener),
      }
}

const NAMES: Readonly<Record<string, string>> = {
  'mp-qq': 'QQ',
  'mp-xhs': 'Xiaohongshu',
  'mp-harmony': 'HarmonyOS',
}

declare const process: unknown

/** The compiler writes it in; else the object says it, or is known by what it has. */
function targetOf(uni: UniObject): string {
  try {
    const built = (process as { env: { UNI_PLATFORM?: string } }).env.UNI_PLATFORM
    if (built) return built
  } catch {
    // Phones have no process.
  }
  const { getAppBaseInfo, getSystemInfoSync = getAppBaseInfo, getAuthCode, getLoginCode } = Object(uni) as Raw
  try {
    const said = ((getAppBaseInfo || getSystemInfoSync) as () => { uniPlatform?: string })().uniPlatform
    if (said) return said
  } catch {
    // Older ones do not say it.
  }
  return getAuthCode ? 'mp-alipay' : getLoginCode ? 'mp-baidu' : 'mp-weixin'
}
