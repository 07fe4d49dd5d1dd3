import type { Clock } from '../platforms/wechat'
import type { FakeClock } from './clock'
import { createFakeWeChat, type FakeWeChat, type FakeWeChatOptions } from './fake'
import { behind, type Callbacks, type Raw } from './native'
import type { FakeMy } from './my'
import { MyFailures } from './my-failures'
import { myTask } from './my-task'
import type { UiApi } from './ui'

/** What is Alipay's own. Where facts differ there is an option, whose default is what phones were seen to do. */
export interface FakeAlipayOptions extends Omit<
  FakeWeChatOptions,
  'singlePage' | 'gateway' | 'checkLatency'
> {
  /** Where an answer with an error status arrives: in `fail` (reported), or in `success` (network guide). Default `'fail'`. */
  refusals?: 'fail' | 'success'
  /** What a result names its status and header: `status` and `headers`, WeChat's names, or both (typings). Default `'both'`. */
  names?: 'old' | 'new' | 'both'
  /** Where `getStorageSync` has the value: older runtimes say `APDataStorage` (Taro's runtime). Default `'data'`. */
  stored?: 'data' | 'APDataStorage'
  /** A time-out is failure 13, or 14 with its words in the place of the body and 13 in that of a status (support pages). Default 13. */
  timeouts?: 13 | 14
  /** Without a network: failure 12, or a success without anything (reported). Default `'fail'`. */
  offline?: 'fail' | 'success'
}

/** A fake as WeChat's, with `my` in the place of `wx`. */
export type FakeAlipay<C extends Clock = FakeClock> = Omit<FakeWeChat<C>, 'wx'> & {
  /** Give it to `alipay()`, or put it in place of the global `my`. */
  readonly my: FakeMy
  /** What the user does when asked: `my.getAuthCode` then fails with 11, or 3 after the back key. Default `'agrees'`. */
  user: 'agrees' | 'refuses' | 'goes back'
}

/**
 * Makes an Alipay for tests: a `my` that keeps to the documented rules, and a handle on everything behind it.
 *
 * ```ts
 * const fake = createFakeAlipay()
 * const api = createClient({ platform: alipay(fake.my), baseURL: 'https://api.test', login: { url: '/login' } })
 * ```
 */
export function createFakeAlipay(options?: FakeAlipayOptions & { clock?: FakeClock }): FakeAlipay
export function createFakeAlipay(options: FakeAlipayOptions): FakeAlipay<Clock>
export function createFakeAlipay(options: FakeAlipayOptions = {}): FakeAlipay<Clock> {
  const { refusals = 'fail', names = 'both', stored = 'data', timeouts = 13, offline = 'fail' } = options
  // 200 KB for each key (storage page); an upload's answer has its header (my typings).
  const phone = createFakeWeChat({ storageLimit: { perKey: 204_800 }, uploadHeaders: true, ...options })
  const wechat = phone.wx
  const wx = behind(phone)
  const failures = new MyFailures(timeouts)
  const fake: FakeAlipay<Clock> = Object.assign(phone, { my: {} as FakeMy, user: 'agrees' as const })

  function named({ statusCode, header, data }: Raw): Raw {
    return {
      data,
      ...(names !== 'new' && { status: statusCode, headers: header }),
      ...(names !== 'old' && { statusCode, header }),
    }
  }

  /** Half of each pair of names may be missing, and what is no JSON under dataType json is failure 14 (my.request page). */
  function answered(result: Raw, dataType: unknown, to: Callbacks): void {
    const { statusCode, data } = result
    if (typeof statusCode !== 'number') return to.succeed({ data, status: undefined, headers: undefined })
    const isError = statusCode < 200 || statusCode > 299
    const body = dataType === 'json' ? parsed(data) : { value: data }
    const answer = named({ ...result, data: body ? body.value : data })
    if (isError && refusals === 'fail')
      return to.fail({ ...answer, status: statusCode, headers: result['header'], ...failures.http })
    if (!body && statusCode !== 204 && data !== '') return to.fail({ ...answer, ...failures.json })
    to.succeed(answer)
  }

  function failed(api: string, to: Callbacks) {
    return (failure: Raw): void => {
      if (offline === 'success' && /INTERNET_DISCONNECTED/.test(String(failure['errMsg'])))
        to.succeed({ data: undefined, status: undefined, headers: undefined })
      else to.fail(failures.of(api, failure))
    }
  }

  /** Whether hiding the one hides the other is not known: here it does. */
  const show =
    (api: UiApi, named: (given: Raw) => Raw = () => ({})) =>
    (given: Raw = {}) =>
      wx.plain(api, named(given), given, (to) => ({
        success: ({ confirm }: Raw) => to.succeed(api === 'showModal' ? { confirm } : {}),
        fail: (failure: Raw) => to.fail(failures.of(api, failure)),
      }))
  const contentOf = ({ content = '' }: Raw): Raw => ({ title: content })

  const headersOf = ({ headers, header }: Raw): Raw => Object(headers ?? header) as Raw

  /** A cookie of the app's own goes where it is allowed, and no other (my.request page). */
  function sentHeaders(given: Raw): Raw {
    const sent = { ...headersOf(given) }
    for (const name of Object.keys(sent))
      if (name.toLowerCase() === 'cookie' && given['enableCookie'] !== true) delete sent[name]
    return sent
  }

  const my = {
    clock: phone.clock,
    canIUse: () => true,
    request(given: Raw) {
      const { dataType = 'json', timeout = 30_000 } = given
      const isBuffer = dataType === 'arraybuffer'
      return myTask(
        wx.send('request', given, (to) => ({
          header: sentHeaders(given),
          timeout,
          dataType: 'text',
          // Tasks have no pieces (my typings): the answer comes whole.
          enableChunked: false,
          responseType: isBuffer ? 'arraybuffer' : 'text',
          success: (result: Raw) => answered(result, dataType, to),
          fail: failed('request', to),
        })),
        'headers',
      )
    },
    uploadFile(given: Raw) {
      // The simulator demands a fileType (my.uploadFile page). A field that is no text cancels the upload (reported).
      const fields: unknown[] = Object.values(Object(given['formData']) as Raw)
      if (fields.some((value) => typeof value !== 'string'))
        return wx.settle(given, { fail: { error: 2, errorMessage: 'invalid parameter: formData' } })
      return myTask(
        wx.send('uploadFile', given, (to) => ({
          header: headersOf(given),
          name: given['fileName'] ?? given['name'],
          success: ({ data, statusCode, header }: Raw) => to.succeed({ data, statusCode, header }),
          fail: failed('uploadFile', to),
        })),
        'header',
      )
    },
    downloadFile(given: Raw) {
      return myTask(
        wx.send('downloadFile', given, (to) => ({
          header: headersOf(given),
          // No status, and both names of the path (my.downloadFile page; the second since 2.7.23).
          success: ({ tempFilePath, header, statusCode }: Raw) =>
            typeof statusCode === 'number'
              ? to.succeed({ apFilePath: tempFilePath, tempFilePath, header, headers: header })
              : to.succeed({}),
          fail: failed('downloadFile', to),
        })),
        'headers',
      )
    },
    getAuthCode(given: Raw = {}) {
      return wx.plain('login', {}, given, (to) => ({
        success({ code }: Raw) {
          if (fake.user !== 'agrees') {
            to.fail(failures.ofUser(fake.user))
            return
          }
          const scopes = ([] as unknown[]).concat(given['scopes'] ?? 'auth_base')
          to.succeed({ authCode: code, authSuccessScopes: scopes, authErrorScopes: {} })
        },
        fail: (failure: Raw) => to.fail(failures.of('getAuthCode', failure)),
      }))
    },
    getStorageSync({ key }: { key: string }) {
      const value = wechat.getStorageSync(key)
      // A key that is not there has null (my typings).
      return { [stored]: value === '' ? null : value }
    },
    setStorageSync: ({ key, data }: { key: string; data: unknown }) =>
      failures.told(() => wechat.setStorageSync(key, data)),
    removeStorageSync: ({ key }: { key: string }) => failures.told(() => wechat.removeStorageSync(key)),
    clearStorageSync() {
      wechat.clearStorageSync()
    },
    getStorage: (given: Raw) =>
      // Everything is stored encrypted, and there is no option for it (storage overview).
      wx.plain('getStorage', { key: given['key'] }, given, (to) => ({
        success: ({ data }: Raw) => to.succeed({ data }),
        fail: (failure: Raw) =>
          /not found/.test(String(failure['errMsg']))
            ? to.succeed({ data: null })
            : to.fail(failures.of('getStorage', failure)),
      })),
    setStorage: (given: Raw) =>
      wx.plain('setStorage', { key: given['key'], data: given['data'] }, given, (to) => ({
        success: () => to.succeed({ success: true }),
        fail: (failure: Raw) => to.fail(failures.of('setStorage', failure)),
      })),
    removeStorage: (given: Raw) =>
      wx.plain('removeStorage', { key: given['key'] }, given, (to) => ({
        success: () => to.succeed({ success: true }),
        fail: (failure: Raw) => to.fail(failures.of('removeStorage', failure)),
      })),
    getLaunchOptionsSync: () => ({ path: 'pages/index/index', query: {}, scene: '1000' }),
    getNetworkType: (given: Raw = {}) =>
      wx.plain('getNetworkType', {}, given, (to) => ({
        success: ({ networkType }: Raw) => to.succeed(networkNamed(String(networkType))),
        fail: to.fail,
      })),
    onNetworkStatusChange: wx.relayed('onNetworkStatusChange', ({ isConnected, networkType }: Raw) => ({
      isConnected,
      networkType: networkNamed(String(networkType)).networkType,
    })),
    offNetworkStatusChange: wx.unrelayed('offNetworkStatusChange'),
    onAppShow: wx.relayed('onAppShow', () => ({ path: 'pages/index/index', query: {}, scene: '1000' })),
    offAppShow: wx.unrelayed('offAppShow'),
    onAppHide: wx.relayed('onAppHide', () => ({})),
    offAppHide: wx.unrelayed('offAppHide'),
    showLoading: show('showLoading', contentOf),
    hideLoading: show('hideLoading'),
    showToast: show('showToast', ({ type = 'none', duration = 3000, ...given }) => ({
      ...contentOf(given),
      icon: type,
      duration,
    })),
    hideToast: show('hideToast'),
    confirm: show('showModal', ({ title, content, confirmButtonText, cancelButtonText }) => ({
      title,
      content,
      confirmText: confirmButtonText,
      cancelText: cancelButtonText,
    })),
  }
  Object.assign(fake.my, my)
  return fake
}

/** Upper case, and a name of its own for none (getNetworkType page). */
function networkNamed(type: string) {
  const networkAvailable = type !== 'none'
  return { networkAvailable, networkType: networkAvailable ? type.toUpperCase() : 'NOTREACHABLE' }
}

function parsed(data: unknown): { value: unknown } | undefined {
  if (typeof data !== 'string') return { value: data }
  try {
    return { value: JSON.parse(data) as unknown }
  } catch {
    return undefined
  }
}
