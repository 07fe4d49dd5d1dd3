// The platforms in front of which the built apps run: the package's own fakes, each with the same back end, and what frameworks
// ask of a phone besides.
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

/** What the user picks. */
export const PICTURE = 'phone://picture.jpg'

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
  stopPullDownRefresh: ({ success } = {}) => success?.({}),
  nextTick: (run) => setTimeout(run, 0),
  chooseImage: ({ success }) => success?.({ tempFilePaths: [PICTURE], apFilePaths: [PICTURE] }),
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

/**
 * Each takes `miniprogram-session/testing` and gives its fake, and what makes the globals of an app in front of it: new ones for each
 * launch, for frameworks keep their own on them. `facts` are options of the fake, where sources differ.
 */
const platform = (create, object, more) => (facts) => (testing) => {
  const fake = testing[create](facts)
  // Apps run on the time of the machine, as they do without tests.
  const native = { ...fake[object], clock: undefined }
  return { fake, native, globals: () => ({ [object]: { ...around, ...native }, ...more() }) }
}

/** uni-app keeps its own there. */
const withGlobal = () => ({ global: {} })

export const weChat = platform('createFakeWeChat', 'wx', withGlobal)
/** Taro takes it that there is a `navigator`. */
export const alipay = platform('createFakeAlipay', 'my', () => ({ navigator: { userAgent: 'AlipayClient' } }))
export const douyin = platform('createFakeDouyin', 'tt', withGlobal)
export const baidu = platform('createFakeBaidu', 'swan', withGlobal)
export const kuaishou = platform('createFakeKuaishou', 'ks', withGlobal)
export const jd = platform('createFakeJd', 'jd', withGlobal)

/** QQ has WeChat's shape. */
export const qq = () => (testing) => {
  const { fake, native } = weChat()(testing)
  return { fake, globals: () => ({ qq: { ...around, ...native }, ...withGlobal() }) }
}
