import { alipay } from '../../../src/platforms/alipay'
import { baidu } from '../../../src/platforms/baidu'
import { douyin } from '../../../src/platforms/douyin'
import { jdPlatform } from '../../../src/platforms/jd'
import { kuaishou } from '../../../src/platforms/kuaishou'
import { taroPlatform } from '../../../src/platforms/taro'
import { uniPlatform } from '../../../src/platforms/uni'
import type { Platform } from '../../../src/platforms/wechat'
import * as testing from '../../../src/testing/index'
import type { FakeWeChat, FakeWeChatOptions } from '../../../src/testing/index'

// In the place of `src/testing`, where the laws' tests run on another platform: their fake WeChat is then that platform's fake, and its
// `wx` what the adapter makes of it.
export * from '../../../src/testing/index'

interface Made {
  readonly fake: object
  readonly platform: Platform
}

const PLATFORMS: Record<string, (options: FakeWeChatOptions) => Made> = {
  alipay(options) {
    const fake = testing.createFakeAlipay(options)
    return { fake, platform: alipay(fake.my) }
  },
  douyin(options) {
    const fake = testing.createFakeDouyin(options)
    return { fake, platform: douyin(fake.tt) }
  },
  baidu(options) {
    const fake = testing.createFakeBaidu(options)
    return { fake, platform: baidu(fake.swan) }
  },
  'baidu-ios'(options) {
    const fake = testing.createFakeBaidu({ ...options, system: 'ios' })
    return { fake, platform: baidu(fake.swan) }
  },
  kuaishou(options) {
    const fake = testing.createFakeKuaishou(options)
    return { fake, platform: kuaishou(fake.ks) }
  },
  jd(options) {
    const fake = testing.createFakeJd(options)
    return { fake, platform: jdPlatform(fake.jd) }
  },
  'uni-alipay'(options) {
    const fake = testing.createFakeUni({ ...options, target: 'mp-alipay' })
    return { fake, platform: uniPlatform(fake.uni) }
  },
  'taro-alipay'(options) {
    const fake = testing.createFakeTaro({ ...options, target: 'alipay' })
    return { fake, platform: taroPlatform(fake.Taro) }
  },
}

declare const LAWS_PLATFORM: string

export function createFakeWeChat(options: FakeWeChatOptions = {}): FakeWeChat {
  const make = PLATFORMS[LAWS_PLATFORM]
  if (!make) throw new Error(`there is no platform ${LAWS_PLATFORM}`)
  const { fake, platform } = make(options)
  return Object.assign(fake, { wx: platform }) as unknown as FakeWeChat
}
