import type { Client } from 'miniprogram-session'
import { createFakeWeChat, type FakeReply, type FakeWeChat } from 'miniprogram-session/testing'
import { result } from '../phone'

/** On Alipay an answer with an error status is a failure that has it: in the names of `my` with Taro, with uni-app in those of `wx`. */
const failures = {
  'Taro on WeChat': undefined,
  'Taro on Alipay': { error: 19, errorMessage: 'http status error', status: 401, headers: {}, data: '' },
  'uni-app on WeChat': undefined,
  'uni-app on Alipay': { errMsg: 'request:fail http status error', statusCode: 401, header: {}, data: '' },
}

/** The recipe on a framework whose `request` and `login` are those of the fake, and fail as its platform does. */
function load(name: string, fake: FakeWeChat, refusal: object | undefined): Client {
  const { wx } = fake
  const framework = { ...wx }
  if (refusal)
    framework.request = (options) =>
      wx.request({
        ...options,
        success: (answer) =>
          answer.statusCode === 401
            ? options.fail?.(refusal as { errMsg: string })
            : options.success?.(answer),
      })
  jest.doMock('@tarojs/taro', () => ({ __esModule: true, default: framework }), { virtual: true })
  Object.assign(globalThis, { uni: framework })
  let made: { api: Client } | undefined
  jest.isolateModules(() => {
    made = jest.requireActual<{ api: Client }>(
      name.startsWith('Taro') ? './platforms/taro' : './platforms/uni',
    )
  })
  if (!made) throw new Error('the recipe was not loaded')
  return made.api
}

afterEach(() => {
  Object.assign(globalThis, { uni: undefined })
})

test.each(Object.entries(failures))(
  '%s: a dead token costs one login, the requests come back',
  async (name, refusal) => {
    const fake = createFakeWeChat()
    const orders = (): FakeReply => ({ data: [{ id: 7 }] })
    fake.server.on('/orders', fake.server.guard(orders))
    fake.storage.set('miniprogram-session', { token: 'dead' })
    const api = load(name, fake, refusal)
    const asked = Promise.all(Array.from({ length: 5 }, () => api.get('/orders')))
    expect(await result(fake, asked)).toEqual(Array(5).fill([{ id: 7 }]))
    expect(fake.calls.logins).toBe(1)
  },
)
