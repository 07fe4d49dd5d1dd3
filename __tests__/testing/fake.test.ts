import { createFakeWeChat, type FakeWx, type FakeWxName } from '../../src/testing'

/** Each call, with what makes it tell something. */
const calls: Record<FakeWxName, (wx: FakeWx, callbacks: object) => unknown> = {
  request: ({ request }, on) => request({ url: 'https://api.test/a', ...on }),
  uploadFile: ({ uploadFile }, on) =>
    uploadFile({ url: 'https://api.test/a', filePath: 'a', name: 'a', ...on }),
  downloadFile: ({ downloadFile }, on) => downloadFile({ url: 'https://api.test/a', ...on }),
  connectSocket: ({ connectSocket }, on) => connectSocket({ url: 'wss://api.test/ws', ...on }),
  login: ({ login }, on) => login(on),
  checkSession: ({ checkSession }, on) => checkSession(on),
  getStorage: ({ getStorage }, on) => getStorage({ key: 'k', ...on }),
  setStorage: ({ setStorage }, on) => setStorage({ key: 'k', data: 1, ...on }),
  removeStorage: ({ removeStorage }, on) => removeStorage({ key: 'k', ...on }),
  clearStorage: ({ clearStorage }, on) => clearStorage(on),
  getNetworkType: ({ getNetworkType }, on) => getNetworkType(on),
  showLoading: ({ showLoading }, on) => showLoading({ title: 'a', ...on }),
  hideLoading: ({ hideLoading }, on) => hideLoading(on),
  showToast: ({ showToast }, on) => showToast({ title: 'a', ...on }),
  hideToast: ({ hideToast }, on) => hideToast(on),
  showModal: ({ showModal }, on) => showModal({ confirmText: 'too long', ...on }),
  getStorageSync: ({ getStorageSync }) => getStorageSync('k'),
  setStorageSync: ({ setStorageSync }) => setStorageSync('k', 1),
  removeStorageSync: ({ removeStorageSync }) => removeStorageSync('k'),
  clearStorageSync: ({ clearStorageSync }) => clearStorageSync(),
  getStorageInfoSync: ({ getStorageInfoSync }) => getStorageInfoSync(),
  getApiCategory: ({ getApiCategory }) => getApiCategory(),
  getLaunchOptionsSync: ({ getLaunchOptionsSync }) => getLaunchOptionsSync(),
  onNetworkStatusChange: ({ onNetworkStatusChange }) => onNetworkStatusChange(() => undefined),
  offNetworkStatusChange: ({ offNetworkStatusChange }) => offNetworkStatusChange(),
  onAppShow: ({ onAppShow }) => onAppShow(() => undefined),
  offAppShow: ({ offAppShow }) => offAppShow(),
  onAppHide: ({ onAppHide }) => onAppHide(() => undefined),
  offAppHide: ({ offAppHide }) => offAppHide(),
}

const names = Object.keys(calls) as FakeWxName[]
const silent = names.filter((name) => /Sync|^on|^off|getApiCategory/.test(name))

test('the table above has every call', () => {
  expect(Object.keys(createFakeWeChat().wx).sort()).toEqual([...names, 'clock'].sort())
})

test.each(names)('%s works taken out of a copy of wx', async (name) => {
  const fake = createFakeWeChat()
  const heard: unknown[] = []
  calls[name]({ ...fake.wx }, { complete: (result: object) => heard.push(result) })
  await fake.clock.runAll()
  expect(heard.length).toBe(silent.includes(name) ? 0 : 1)
})

test('the loading recipe finds what it calls in a copy of wx', async () => {
  const fake = createFakeWeChat()
  const { showLoading, hideLoading } = { ...fake.wx }
  showLoading({ title: '加载中', fail: () => undefined })
  await fake.clock.advance(300)
  hideLoading({ fail: () => undefined })
  expect(fake.ui.log).toMatchObject([{ title: '加载中', until: fake.clock.now() }])
})
