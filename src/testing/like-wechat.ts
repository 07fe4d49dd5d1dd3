import type { Clock } from '../platforms/wechat'
import type { FakeWeChat } from './fake'
import { behind, type Raw } from './native'
import type { NetworkApi } from './request'
import type { UiApi } from './ui'

/** What comes of a call: told to `success`, or to `fail`. */
export type Outcome = { readonly success: Raw } | { readonly fail: Raw }

/** How a platform that has WeChat's shape differs from it. */
export interface Manner {
  /** What the phone is asked for in the place of what was given, or the failure that comes of it at once. */
  send?(given: Raw, api: NetworkApi): Outcome | Raw
  /** What an answer is here. Default: what it is on WeChat. */
  answer?(result: Raw, api: NetworkApi): Outcome
  /** A failure of WeChat's in this platform's names. */
  failure(failure: Raw, api: string): Raw
  /** What a task has here. Default: all that WeChat's has. */
  task?(task: object, api: NetworkApi): object
  /** What a login is answered with that has a code. */
  login?(result: Raw, given: Raw): Outcome
  check?(isValid: boolean): Outcome
}

const isOutcome = (value: Raw | Outcome): value is Outcome => 'fail' in value && value.fail instanceof Object

/** A platform of WeChat's shape, on the phone and the back end of a fake WeChat. */
export function likeWeChat(phone: FakeWeChat<Clock>, manner: Manner) {
  const { wx } = phone
  const native = behind(phone)

  const send = (api: NetworkApi) => (given: Raw) => {
    const sent = manner.send ? manner.send(given, api) : {}
    if (isOutcome(sent)) return native.settle(given, sent)
    const task = native.send(api, given, (to) => ({
      // Whose tasks have no pieces knows nothing of the option: the answer comes whole.
      ...(manner.task && { enableChunked: false }),
      ...sent,
      success(result: Raw) {
        const isAnswer = typeof result['statusCode'] === 'number'
        native.tell(isAnswer && manner.answer ? manner.answer(result, api) : { success: plainOf(result) }, to)
      },
      fail: (failure: Raw) => to.fail(manner.failure(failure, api)),
    }))
    const isTask = typeof task === 'object' && task !== null && !('then' in task)
    return isTask && manner.task ? manner.task(task, api) : task
  }

  /** A call that gives no promise (typings of tt, and others' digests). */
  const plain =
    (name: string, answer: (result: Raw, given: Raw) => Outcome) =>
    (given: Raw = {}) => {
      const { key, data, encrypt } = given
      native.plain(
        name,
        {
          ...(key !== undefined && { key }),
          ...('data' in given && { data }),
          ...(encrypt === true && { encrypt }),
        },
        { complete: () => undefined, ...given },
        (to) => ({
          success: (result: Raw) => native.tell(answer(result, given), to),
          fail: (failure: Raw) => to.fail(manner.failure(failure, name)),
        }),
      )
    }
  const same = (success: Raw): Outcome => ({ success })

  /** What shows something, in WeChat's names. */
  const show =
    (name: UiApi) =>
    (given: Raw = {}) =>
      void native.plain(name, given, { complete: () => undefined, ...given }, (to) => ({
        complete: undefined,
        success: to.succeed,
        fail: (failure: Raw) => to.fail(manner.failure(failure, name)),
      }))

  return {
    clock: phone.clock,
    canIUse: () => true,
    request: send('request'),
    uploadFile: send('uploadFile'),
    downloadFile: send('downloadFile'),
    login: plain('login', (result, given) =>
      manner.login ? manner.login(result, given) : { success: plainOf(result) },
    ),
    checkSession: (given: Raw = {}) =>
      native.plain('checkSession', {}, { complete: () => undefined, ...given }, (to) => ({
        success: (result: Raw) => native.tell(manner.check ? manner.check(true) : { success: result }, to),
        fail: (failure: Raw) =>
          native.tell(
            manner.check && !/net::/.test(String(failure['errMsg']))
              ? manner.check(false)
              : { fail: manner.failure(failure, 'checkSession') },
            to,
          ),
      })),
    getStorageSync: (key: string): unknown => wx.getStorageSync(key),
    setStorageSync(key: string, data: unknown): void {
      wx.setStorageSync(key, data)
    },
    removeStorageSync(key: string): void {
      wx.removeStorageSync(key)
    },
    getStorage: plain('getStorage', same),
    setStorage: plain('setStorage', same),
    removeStorage: plain('removeStorage', same),
    getLaunchOptionsSync: () => ({ path: 'pages/index/index', query: {}, scene: '1001' }),
    getNetworkType: plain('getNetworkType', same),
    onNetworkStatusChange: native.relayed('onNetworkStatusChange', (change) => change),
    offNetworkStatusChange: native.unrelayed('offNetworkStatusChange'),
    onAppShow: native.relayed('onAppShow', () => ({})),
    offAppShow: native.unrelayed('offAppShow'),
    onAppHide: native.relayed('onAppHide', () => ({})),
    offAppHide: native.unrelayed('offAppHide'),
    showLoading: show('showLoading'),
    hideLoading: show('hideLoading'),
    showToast: show('showToast'),
    hideToast: show('hideToast'),
    showModal: show('showModal'),
  }
}

/** Words without WeChat's number. */
export const wordsOf = ({ errMsg }: Raw): string => String(errMsg)

/** An answer without what is WeChat's alone: a cache manager, a profile. */
export function plainOf({ errMsg, statusCode, header, data, cookies, tempFilePath, code }: Raw): Raw {
  const plain: Raw = { errMsg, statusCode, header, data, cookies, tempFilePath, code }
  for (const name of Object.keys(plain)) if (plain[name] === undefined) delete plain[name]
  return plain
}

/** Whether a status is an error's. */
export const isRefused = ({ statusCode }: Raw): boolean =>
  Number(statusCode) < 200 || Number(statusCode) > 299
