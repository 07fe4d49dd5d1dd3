// The platforms in front of which the built apps run, each with the same back end: the package's own fake, in the shape of the
// platform, and what frameworks ask of a phone besides.
const SYSTEM = {
  SDKVersion: '3.10.0',
  platform: 'ios',
  system: 'iOS 18.0',
  brand: 'phone',
  model: 'phone',
  language: 'zh_CN',
  version: '8.0.0',
  pixelRatio: 2,
  windowWidth: 375,
  windowHeight: 667,
  screenWidth: 375,
  screenHeight: 667,
  statusBarHeight: 20,
  app: 'phone',
}

const around = {
  canIUse: () => true,
  getSystemInfoSync: () => SYSTEM,
  getSystemInfo: ({ success }) => success?.(SYSTEM),
  getWindowInfo: () => SYSTEM,
  getDeviceInfo: () => SYSTEM,
  getAppBaseInfo: () => SYSTEM,
  getSystemSetting: () => SYSTEM,
  getAppAuthorizeSetting: () => ({}),
  getAccountInfoSync: () => ({ miniProgram: { appId: 'wx0', envVersion: 'release' } }),
  getEnterOptionsSync: () => ({ path: '', query: {}, scene: 1001 }),
  getLaunchOptionsSync: () => ({ path: '', query: {}, scene: 1001 }),
  nextTick: (run) => setTimeout(run, 0),
}
for (const name of [
  'Error',
  'UnhandledRejection',
  'PageNotFound',
  'ThemeChange',
  'WindowResize',
  'KeyboardHeightChange',
])
  Object.assign(around, { [`on${name}`]() {}, [`off${name}`]() {} })

/** WeChat: the fake as it is, on the time of the machine. It has a `global`: uni-app keeps its own there. */
export function weChat({ wx }) {
  return { wx: { ...around, ...wx, clock: undefined }, global: {} }
}

/**
 * Alipay, in the shapes of `my`: `refusals` says where an answer outside 200-299 goes, for documents say `success` and phones
 * were seen to `fail` (my.request page, NervJS/taro#4268). No login, no checkSession. Taro takes it that there is a `navigator`.
 */
export const alipay =
  (refusals) =>
  ({ wx }) => ({
    my: { ...around, ...networkOf(wx, refusals), ...storageOf(wx), getAuthCode: authCodeOf(wx) },
    navigator: { userAgent: 'AlipayClient' },
  })

function networkOf(wx, refusals) {
  const request = ({ headers, header, success, fail, complete, ...options }) => {
    const settle = (callback, result) => {
      callback?.(result)
      complete?.(result)
    }
    return wx.request({
      ...options,
      header: headers ?? header,
      success({ statusCode: status, header: headers, data }) {
        const isGood = (status >= 200 && status < 300) || refusals === 'success'
        if (isGood) settle(success, { data, status, headers })
        else settle(fail, { data, status, headers, error: 19, errorMessage: 'http status error' })
      },
      fail: () => settle(fail, { error: 12, errorMessage: 'network error' }),
    })
  }
  const getNetworkType = ({ success }) => success?.({ networkAvailable: true, networkType: 'WIFI' })
  return { request, getNetworkType, onNetworkStatusChange() {}, onAppShow() {}, onAppHide() {} }
}

function storageOf(wx) {
  return {
    getStorageSync: ({ key }) => ({ data: wx.getStorageSync(key) || null }),
    setStorageSync({ key, data }) {
      wx.setStorageSync(key, data)
      return { success: true }
    },
    removeStorageSync({ key }) {
      wx.removeStorageSync(key)
      return { success: true }
    },
  }
}

const authCodeOf =
  (wx) =>
  ({ success, fail, complete }) =>
    wx.login({
      success({ code }) {
        const result = { authCode: code, authSuccessScopes: ['auth_base'], authErrorScopes: {} }
        success?.(result)
        complete?.(result)
      },
      fail,
    })
