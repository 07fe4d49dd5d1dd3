import type { Client } from 'miniprogram-session'
import {
  createFakeAlipay,
  createFakeTaro,
  createFakeUni,
  type FakeReply,
  type FakeServer,
  type FakeStorage,
  type TaroTarget,
  type UniTarget,
} from 'miniprogram-session/testing'
import { result, type Timed } from '../adapters'

interface Fake extends Timed {
  readonly server: FakeServer
  readonly storage: FakeStorage
  readonly calls: { logins: number }
}

/** The recipe, where the platform's object is that of the fake. */
function load(name: string): Client {
  let made: { api: Client } | undefined
  jest.isolateModules(() => {
    made = jest.requireActual<{ api: Client }>(`./platforms/${name}`)
  })
  if (!made) throw new Error('the recipe was not loaded')
  return made.api
}

function onTaro(target: TaroTarget): { fake: Fake; api: Client } {
  const fake = createFakeTaro({ target })
  jest.doMock('@tarojs/taro', () => ({ __esModule: true, default: fake.Taro }), { virtual: true })
  return { fake, api: load('taro') }
}

function onUni(target: UniTarget): { fake: Fake; api: Client } {
  const fake = createFakeUni({ target })
  Object.assign(globalThis, { uni: fake.uni })
  return { fake, api: load('uni') }
}

function onAlipay(): { fake: Fake; api: Client } {
  const fake = createFakeAlipay()
  Object.assign(globalThis, { my: fake.my })
  return { fake, api: load('alipay') }
}

afterEach(() => {
  Object.assign(globalThis, { uni: undefined, my: undefined })
})

test.each<[string, () => { fake: Fake; api: Client }]>([
  ['Taro on WeChat', () => onTaro('weapp')],
  ['Taro on Alipay', () => onTaro('alipay')],
  ['Taro on Douyin', () => onTaro('tt')],
  ['uni-app on WeChat', () => onUni('mp-weixin')],
  ['uni-app on Alipay', () => onUni('mp-alipay')],
  ['uni-app on Douyin', () => onUni('mp-toutiao')],
  ['Alipay', onAlipay],
])('%s: a dead token costs one login, the requests come back', async (_name, make) => {
  const { fake, api } = make()
  const orders = (): FakeReply => ({ data: [{ id: 7 }] })
  fake.server.on('/orders', fake.server.guard(orders))
  fake.storage.set('miniprogram-session', { token: 'dead' })
  const asked = Promise.all(Array.from({ length: 5 }, () => api.get('/orders')))
  expect(await result(fake, asked)).toEqual(Array(5).fill([{ id: 7 }]))
  expect(fake.calls.logins).toBe(1)
})
