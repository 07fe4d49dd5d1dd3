// The stories of scenarios.mjs on each platform that differs, its fake through its adapter: the counts must be those of WeChat, with
// as many requests at a time.
import { createRequire } from 'node:module'
import * as testing from '../dist/testing.mjs'
import { createClient } from './built.mjs'
import { isRight, SCENARIOS, tellTo } from './scenarios.mjs'

const require = createRequire(import.meta.url)
const entry = (name) => require(`../miniprogram_dist/${name}.js`)
const { alipay } = entry('alipay')
const { douyin } = entry('douyin')
const { baidu } = entry('baidu')
const { kuaishou } = entry('kuaishou')
const { jdPlatform } = entry('jd')
const { uniPlatform } = entry('uni')
const { taroPlatform } = entry('taro')

const PHONES = {
  WeChat: testing.createFakeWeChat,
  Alipay: on(testing.createFakeAlipay, ({ my }) => alipay(my)),
  Douyin: on(testing.createFakeDouyin, ({ tt }) => douyin(tt)),
  Baidu: on(testing.createFakeBaidu, ({ swan }) => baidu(swan)),
  Kuaishou: on(testing.createFakeKuaishou, ({ ks }) => kuaishou(ks)),
  JD: on(testing.createFakeJd, ({ jd }) => jdPlatform(jd)),
  'uni on Alipay': on(through(testing.createFakeUni, 'mp-alipay'), ({ uni }) => uniPlatform(uni)),
  'uni on Douyin': on(through(testing.createFakeUni, 'mp-toutiao'), ({ uni }) => uniPlatform(uni)),
  'Taro on Alipay': on(through(testing.createFakeTaro, 'alipay'), ({ Taro }) => taroPlatform(Taro)),
  'Taro on Douyin': on(through(testing.createFakeTaro, 'tt'), ({ Taro }) => taroPlatform(Taro)),
}
/** Of their five, one is kept for a login. */
const FEWER_LANES = { Baidu: 4, JD: 4 }
const PEER = { dialect: 'bearer', session: (token) => ['miniprogram-session', { token }] }

const open =
  (options) =>
  ({ wx }) => {
    const api = createClient({
      platform: wx,
      baseURL: 'https://api.test',
      login: { url: '/login' },
      ...options,
    })
    return {
      get: (url) => api.get(url),
      upload: (url, filePath) =>
        api.uploadFile({ url, filePath, name: 'file', fileType: 'image' }).then(({ data }) => data),
      logout: () => api.logout(),
    }
  }

for (const [name, createFake] of Object.entries(PHONES)) {
  const wrong = []
  for (const scenario of SCENARIOS) {
    const counts = await tellTo(open(), createFake, scenario, PEER)
    const concurrency = FEWER_LANES[name]
    const wanted = JSON.stringify(
      await tellTo(open({ concurrency }), testing.createFakeWeChat, scenario, PEER),
    )
    if (!isRight(scenario, counts) || JSON.stringify(counts) !== wanted)
      wrong.push(`  ${scenario.name}: ${JSON.stringify(counts)}, on WeChat ${wanted}`)
  }
  console.log(
    `${name}: ${SCENARIOS.length - wrong.length} of ${SCENARIOS.length} stories have the counts of WeChat`,
  )
  for (const words of wrong) console.error(words)
  if (wrong.length > 0) process.exitCode = 1
}

function on(createFake, platformOf) {
  return (options) => {
    const fake = createFake(options)
    return Object.assign(fake, { wx: platformOf(fake) })
  }
}

function through(createFake, target) {
  return (options) => createFake({ ...options, target })
}
