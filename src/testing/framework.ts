import type { Clock } from '../platforms/wechat'
import { createFakeAlipay, type FakeAlipay, type FakeAlipayOptions } from './alipay'
import { createFakeBaidu, type FakeBaidu, type FakeBaiduOptions } from './baidu'
import { createFakeDouyin, type FakeDouyin, type FakeDouyinOptions } from './douyin'
import { createFakeWeChat, type FakeWeChat, type FakeWeChatOptions } from './fake'
import { createFakeJd, type FakeJdOptions } from './jd'
import { createFakeKuaishou, type FakeKuaishouOptions } from './kuaishou'
import type { Raw } from './native'

/** Any call of a platform's. */
export type Call = (...given: unknown[]) => unknown
export type NativeCalls = Record<string, unknown>

/** What a platform's fake takes beside what WeChat's does. */
type Own<Options> = Omit<Options, keyof FakeWeChatOptions>

/** What the fake below may be told, whichever platform it is of. */
export type BelowOptions = FakeWeChatOptions &
  Own<FakeAlipayOptions> &
  Own<FakeDouyinOptions> &
  Own<FakeJdOptions> &
  // What two have is told once.
  Own<Omit<FakeBaiduOptions, keyof FakeDouyinOptions>> &
  Own<Omit<FakeKuaishouOptions, keyof FakeAlipayOptions>>

/** A fake as WeChat's, but for its `wx`. */
export type FakeBelow<C extends Clock> = Omit<FakeWeChat<C>, 'wx'> & {
  /** Built for Alipay, Baidu or Douyin: who holds the phone. See `user` of their fakes. */
  user?: (FakeAlipay | FakeBaidu | FakeDouyin)['user']
}

/** What is used of a framework's object. */
export interface FakeFramework {
  readonly clock: Clock
  readonly request: (options: object) => unknown
  readonly uploadFile: (options: object) => unknown
  readonly downloadFile: (options: object) => unknown
  readonly login: (options: object) => unknown
  readonly checkSession?: (options: object) => unknown
  readonly getStorageSync: (key: string) => unknown
  readonly setStorageSync: (key: string, data: unknown) => unknown
  readonly removeStorageSync: (key: string) => unknown
}

export interface Below {
  readonly fake: FakeWeChat<Clock>
  readonly native: NativeCalls
}

const FAKES: Readonly<Record<string, (options: BelowOptions) => { fake: object; native: object }>> = {
  alipay(options) {
    const fake = createFakeAlipay(options)
    return { fake, native: fake.my }
  },
  douyin(options) {
    const fake = createFakeDouyin(options)
    return { fake, native: fake.tt }
  },
  baidu(options) {
    const fake = createFakeBaidu(options)
    return { fake, native: fake.swan }
  },
  kuaishou(options) {
    const fake = createFakeKuaishou(options)
    return { fake, native: fake.ks }
  },
  jd(options) {
    const fake = createFakeJd(options)
    return { fake, native: fake.jd }
  },
}

/** The fake of the platform that a framework was built for, and that platform's object: WeChat's, unless it is another. */
export function below(platform: string, options: BelowOptions): Below {
  const make = FAKES[platform]
  if (make) {
    const { fake, native } = make(options)
    return { fake: fake as FakeWeChat<Clock>, native: { ...native } }
  }
  const fake = createFakeWeChat(options)
  return { fake, native: { ...fake.wx } }
}

/** Tests in JavaScript would run on WeChat's fake, and be green for nothing. */
export function checkTarget(name: string, target: string, targets: readonly string[]): void {
  if (!targets.includes(target))
    throw new Error(`${name}: there is no target ${target}. There are: ${targets.join(', ')}.`)
}

/** The methods of a browser, PATCH among them. */
export const ALL_METHODS = ['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'CONNECT', 'PATCH']

export const hasCallback = (given: unknown): boolean =>
  ['success', 'fail', 'complete'].some((name) => typeof (Object(given) as Raw)[name] === 'function')

/** `given`, its callbacks hearing what `translate` makes of what they are told; it may change that in place. */
export function heard(given: Raw, translate: (outcome: Raw) => Raw): Raw {
  const told: Raw = { ...given }
  for (const name of ['success', 'fail', 'complete']) {
    const listener = given[name]
    if (typeof listener === 'function')
      told[name] = (outcome: unknown) => (listener as Call)(translate(Object(outcome) as Raw))
  }
  return told
}

export const call = (native: NativeCalls, name: string, ...given: unknown[]): unknown =>
  (native[name] as Call)(...given)

/** WeChat's names in Alipay's, as both frameworks have it (plugin-platform-alipay, uni-mp-alipay). */
export function shownOnAlipay(my: NativeCalls): NativeCalls {
  const named = ({ title, icon, ...given }: Raw): Raw => ({ ...given, content: title, type: icon })
  return {
    showLoading: (given: Raw) => call(my, 'showLoading', named(given)),
    showToast: (given: Raw) => call(my, 'showToast', named(given)),
    showModal: ({ success, confirmText = '确定', cancelText = '取消', ...given }: Raw) =>
      call(my, 'confirm', {
        ...given,
        confirmButtonText: confirmText,
        cancelButtonText: cancelText,
        success: ({ confirm }: Raw) => tellSuccess({ success }, { confirm, cancel: confirm !== true }),
      }),
    confirm: undefined,
  }
}

export const tellSuccess = ({ success }: Raw, result: Raw): unknown => (success as Call | undefined)?.(result)
