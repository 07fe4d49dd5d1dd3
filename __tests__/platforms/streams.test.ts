import { alipay } from '../../src/platforms/alipay'
import { baidu } from '../../src/platforms/baidu'
import { douyin } from '../../src/platforms/douyin'
import { jdPlatform } from '../../src/platforms/jd'
import { kuaishou } from '../../src/platforms/kuaishou'
import { taroPlatform } from '../../src/platforms/taro'
import { uniPlatform } from '../../src/platforms/uni'
import { createClient, type Platform } from '../../src'
import { openSocket } from '../../src/socket'
import { streamEvents, streamText } from '../../src/stream'
import {
  createFakeAlipay,
  createFakeBaidu,
  createFakeDouyin,
  createFakeJd,
  createFakeKuaishou,
  createFakeTaro,
  createFakeUni,
  type FakeWeChat,
} from '../../src/testing'
import { result } from '../adapters'

type Phone = Omit<FakeWeChat, 'wx'>

/** Each platform's fake, and what a client takes for it. */
const PLATFORMS: Readonly<Record<string, () => readonly [Phone, Platform]>> = {
  Alipay() {
    const fake = createFakeAlipay()
    return [fake, alipay(fake.my)]
  },
  'Alipay, through Taro'() {
    const fake = createFakeTaro({ target: 'alipay' })
    return [fake, taroPlatform(fake.Taro)]
  },
  'Alipay, through uni-app'() {
    const fake = createFakeUni({ target: 'mp-alipay' })
    return [fake, uniPlatform(fake.uni)]
  },
  Douyin() {
    const fake = createFakeDouyin()
    return [fake, douyin(fake.tt)]
  },
  Baidu() {
    const fake = createFakeBaidu()
    return [fake, baidu(fake.swan)]
  },
  Kuaishou() {
    const fake = createFakeKuaishou()
    return [fake, kuaishou(fake.ks)]
  },
  JD() {
    const fake = createFakeJd()
    return [fake, jdPlatform(fake.jd)]
  },
}

const clientOn = (platform: Platform) =>
  createClient({ platform, baseURL: 'https://api.test', login: { url: '/login' } })

describe.each(Object.entries(PLATFORMS))('%s', (_name, make) => {
  test('a stream has all of its items, whether or not tasks have pieces', async () => {
    const [fake, platform] = make()
    const api = clientOn(platform)
    fake.storage.set('miniprogram-session', { token: 'dead' })
    fake.server.on(
      'GET /poem',
      fake.server.guard(() => ({ data: '床前明月光', cuts: [1, 4] })),
    )
    fake.server.on(
      'GET /news',
      fake.server.guard(() => ({
        data: 'data: 1\n\ndata: 2\n\n',
        cuts: [9],
        header: { 'Content-Type': 'text/event-stream' },
      })),
    )
    let poem = ''
    const news: string[] = []
    await result(
      fake,
      streamText(api, { url: '/poem' }).forEach((text) => (poem += text)),
    )
    await result(
      fake,
      streamEvents(api, { url: '/news' }).forEach(({ data }) => news.push(data)),
    )
    expect([poem, news]).toEqual(['床前明月光', ['1', '2']])
  })
})

test('a socket where the platform has none is a mistake at once', () => {
  const fake = createFakeAlipay()
  expect('connectSocket' in fake.my).toBe(false)
  expect(() => openSocket(clientOn(alipay(fake.my)), { url: '/ws' })).toThrow(
    'openSocket(): this platform has no connectSocket().',
  )
})
