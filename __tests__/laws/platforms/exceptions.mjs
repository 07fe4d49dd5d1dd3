import * as without from './groups.mjs'

/** `fact`: the failures that are known of its login. */
const ON_WECHAT_ALONE = (fact) => [
  {
    fact,
    lacks: 'a number for users whom it blocks',
    zh: '表示「用户被封禁」的错误码',
    tests: without.BLOCKED,
  },
  { lacks: 'answers of calls out of a cache, marked as such', zh: '带标记的缓存结果', tests: without.CACHES },
  { lacks: 'Moments and their single-page mode', zh: '朋友圈单页模式', tests: without.MOMENTS },
]

const BAIDU = {
  lanes: 5,
  without: ['chunks', 'cachedLogins', 'blockedUsers', 'cachedAnswers', 'uploadHeads'],
  exceptions: [
    {
      fact: 'B6',
      lacks: 'answers in pieces: tasks can be aborted, and no more',
      zh: '分块返回：任务只有 abort',
      tests: without.CHUNKS,
    },
    { fact: 'B6', lacks: 'the head of an answer', zh: '提前拿到响应头', tests: without.HEADS },
    {
      fact: 'B12',
      lacks: 'bodies that are text and no JSON: it writes text as JSON once more',
      zh: '不是 JSON 的文本请求体：文本会被再次转成 JSON',
      tests: without.TEXT_BODIES,
    },
    ...ON_WECHAT_ALONE('B8'),
  ],
}

const ALIPAY = {
  without: ['chunks', 'networkChange', 'cachedLogins', 'blockedUsers', 'cachedAnswers'],
  exceptions: [
    {
      fact: 'A28',
      lacks: 'a check of the session: there is no checkSession',
      zh: 'checkSession',
      tests: without.CHECK,
    },
    {
      fact: 'A18',
      lacks: 'answers in pieces: tasks have no chunk event',
      zh: '分块返回：任务没有分块事件',
      tests: without.CHUNKS,
    },
    {
      fact: 'A18',
      hint: 'the status in the head of an answer',
      zh: '响应头事件里没有状态码',
      tests: without.STATUS_IN_HEAD,
    },
    {
      fact: 'A23',
      hint: 'the status of a download: a refused one is a file like any other',
      zh: '下载没有状态码：被拒绝的下载看起来和普通文件一样',
      tests: without.STATUS_OF_DOWNLOAD,
    },
    {
      fact: 'A11',
      hint: 'that the network has changed: it is failure 12',
      zh: '网络切换：统一是错误 12',
      tests: without.NETWORK_CHANGE,
    },
    {
      fact: 'A14',
      hint: 'that it has stopped a request, once the app is in front again',
      zh: '回到前台后才报的中断',
      tests: without.INTERRUPTED_IN_FRONT,
    },
    {
      fact: 'A22',
      hint: 'that a file is too big: it is failure 12',
      zh: '文件过大：统一是错误 12',
      tests: without.HOPELESS_FILES,
    },
    {
      fact: 'A11',
      hint: 'that a connection was never made: a POST is not sent to the next base URL',
      zh: '连接没有建立：所以 POST 不会换下一个 baseURL 重发',
      tests: without.NEVER_CONNECTED,
    },
    {
      fact: 'A11',
      hint: 'in a failure that there is no network: onNetworkStatusChange says it',
      zh: '失败本身不说没网：由 onNetworkStatusChange 得知',
      tests: without.OFFLINE,
    },
    {
      fact: 'A11',
      hint: 'the address in the words of a failure',
      zh: '错误文字里没有地址',
      tests: without.QUOTED,
    },
    ...ON_WECHAT_ALONE('A26'),
  ],
}

/**
 * What does not hold on a platform, and from which fact. `hint`: what the platform does not say, so that the adapter cannot know.
 * `lacks`: what it does not have. `without`: what the stories leave out there (features.ts).
 */
export const platformLaws = [
  { platform: 'alipay', name: 'Alipay', zhName: '支付宝', ...ALIPAY },
  { platform: 'uni-alipay', name: 'Alipay, through uni-app', zhName: '支付宝（uni-app）', ...ALIPAY },
  {
    platform: 'taro-alipay',
    name: 'Alipay, through Taro',
    zhName: '支付宝（Taro）',
    ...ALIPAY,
    without: [...ALIPAY.without, 'throwingCalls'],
    exceptions: [
      ...ALIPAY.exceptions,
      {
        fact: 'T1',
        hint: 'that a call has thrown: its promise rejects',
        zh: '调用抛错：表现为 Promise 被拒绝',
        tests: without.THROWS,
      },
    ],
  },
  {
    platform: 'douyin',
    name: 'Douyin',
    zhName: '抖音',
    without: ['chunks', 'cachedLogins', 'blockedUsers', 'cachedAnswers', 'uploadHeads'],
    exceptions: [
      {
        fact: 'D10',
        lacks: 'answers in pieces: no page has a chunk event',
        zh: '分块返回：文档里没有分块事件',
        tests: without.CHUNKS,
      },
      {
        fact: 'D10',
        lacks: 'the head of an answer: tasks can be aborted, and no more',
        zh: '提前拿到响应头：任务只有 abort',
        tests: without.HEADS,
      },
      {
        fact: 'D1',
        lacks: 'bodies that are text and no JSON: data is an object',
        zh: '不是 JSON 的文本请求体：data 只能是对象',
        tests: without.TEXT_BODIES,
      },
      ...ON_WECHAT_ALONE('D3'),
    ],
  },
  {
    platform: 'baidu',
    name: 'Baidu on Android',
    zhName: '百度（Android）',
    ...BAIDU,
  },
  {
    platform: 'baidu-ios',
    name: 'Baidu on iOS',
    zhName: '百度（iOS）',
    ...BAIDU,
  },
  {
    platform: 'kuaishou',
    name: 'Kuaishou',
    zhName: '快手',
    without: ['chunks', 'cachedLogins', 'blockedUsers', 'cachedAnswers', 'uploadHeads', 'refusalHeads'],
    exceptions: [
      {
        fact: 'K1',
        lacks: 'answers in pieces: tasks can be aborted, and no more',
        zh: '分块返回：任务只有 abort',
        tests: without.CHUNKS,
      },
      { fact: 'K1', lacks: 'the head of an answer', zh: '提前拿到响应头', tests: without.HEADS },
      {
        fact: 'K3',
        hint: 'the headers of an answer with an error status',
        zh: '错误状态码响应的响应头',
        tests: without.HEADERS_OF_REFUSALS,
      },
      {
        fact: 'K3',
        hint: 'the body of an answer with an error status',
        zh: '错误状态码响应的响应体',
        tests: without.BODIES_OF_REFUSALS,
      },
      ...ON_WECHAT_ALONE('K6'),
    ],
  },
  {
    platform: 'jd',
    name: 'JD',
    zhName: '京东',
    lanes: 5,
    without: ['cachedLogins', 'blockedUsers', 'cachedAnswers'],
    exceptions: [
      {
        fact: 'J5',
        lacks: 'a check of the session, as far as is known',
        zh: 'checkSession（未见文档）',
        tests: without.CHECK,
      },
      ...ON_WECHAT_ALONE('J4'),
    ],
  },
]
