import * as without from './groups.mjs'

/** `fact`: the failures that are known of its login. */
const ON_WECHAT_ALONE = (fact) => [
  { fact, lacks: 'a number for users whom it blocks', tests: without.BLOCKED },
  { lacks: 'answers of calls out of a cache, marked as such', tests: without.CACHES },
  { lacks: 'Moments and their single-page mode', tests: without.MOMENTS },
]

const BAIDU = {
  lanes: 5,
  without: ['chunks', 'cachedLogins', 'blockedUsers', 'cachedAnswers', 'uploadHeads'],
  exceptions: [
    { fact: 'B6', lacks: 'answers in pieces: tasks can be aborted, and no more', tests: without.CHUNKS },
    { fact: 'B6', lacks: 'the head of an answer', tests: without.HEADS },
    ...ON_WECHAT_ALONE('B8'),
  ],
}

const ALIPAY = {
  without: ['chunks', 'networkChange', 'cachedLogins', 'blockedUsers', 'cachedAnswers'],
  exceptions: [
    { fact: 'A28', lacks: 'a check of the session: there is no checkSession', tests: without.CHECK },
    { fact: 'A18', lacks: 'answers in pieces: tasks have no chunk event', tests: without.CHUNKS },
    { fact: 'A18', hint: 'the status in the head of an answer', tests: without.STATUS_IN_HEAD },
    {
      fact: 'A23',
      hint: 'the status of a download: a refused one is a file like any other',
      tests: without.STATUS_OF_DOWNLOAD,
    },
    { fact: 'A11', hint: 'that the network has changed: it is failure 12', tests: without.NETWORK_CHANGE },
    {
      fact: 'A14',
      hint: 'that it has stopped a request, once the app is in front again',
      tests: without.INTERRUPTED_IN_FRONT,
    },
    { fact: 'A22', hint: 'that a file is too big: it is failure 12', tests: without.HOPELESS_FILES },
    {
      fact: 'A11',
      hint: 'that a connection was never made: a POST is not sent to the next base URL',
      tests: without.NEVER_CONNECTED,
    },
    {
      fact: 'A11',
      hint: 'in a failure that there is no network: onNetworkStatusChange says it',
      tests: without.OFFLINE,
    },
    { fact: 'A11', hint: 'the address in the words of a failure', tests: without.QUOTED },
    ...ON_WECHAT_ALONE('A26'),
  ],
}

/**
 * What does not hold on a platform, and from which fact. `hint`: what the platform does not say, so that the adapter cannot know;
 * else it is something that the platform does not have. `without`: what the stories leave out there (features.ts).
 */
export const platformLaws = [
  { platform: 'alipay', name: 'Alipay', ...ALIPAY },
  { platform: 'uni-alipay', name: 'Alipay, through uni-app', ...ALIPAY },
  {
    platform: 'taro-alipay',
    name: 'Alipay, through Taro',
    ...ALIPAY,
    without: [...ALIPAY.without, 'throwingCalls'],
    exceptions: [
      ...ALIPAY.exceptions,
      { fact: 'T1', hint: 'that a call has thrown: its promise rejects', tests: without.THROWS },
      {
        fact: 'T2',
        lacks: 'the head of a download: tasks can be aborted, and no more',
        tests: without.HEADS_OF_DOWNLOADS,
      },
    ],
  },
  {
    platform: 'douyin',
    name: 'Douyin',
    without: ['chunks', 'cachedLogins', 'blockedUsers', 'cachedAnswers', 'uploadHeads'],
    exceptions: [
      { fact: 'D10', lacks: 'answers in pieces: no page has a chunk event', tests: without.CHUNKS },
      {
        fact: 'D10',
        lacks: 'the head of an answer: tasks can be aborted, and no more',
        tests: without.HEADS,
      },
      {
        fact: 'D1',
        lacks: 'bodies that are text and no JSON: data is an object',
        tests: without.TEXT_BODIES,
      },
      ...ON_WECHAT_ALONE('D3'),
    ],
  },
  {
    platform: 'baidu',
    name: 'Baidu on Android',
    ...BAIDU,
  },
  {
    platform: 'baidu-ios',
    name: 'Baidu on iOS',
    ...BAIDU,
  },
  {
    platform: 'kuaishou',
    name: 'Kuaishou',
    without: ['chunks', 'cachedLogins', 'blockedUsers', 'cachedAnswers', 'uploadHeads', 'refusalHeads'],
    exceptions: [
      { fact: 'K1', lacks: 'answers in pieces: tasks can be aborted, and no more', tests: without.CHUNKS },
      { fact: 'K1', lacks: 'the head of an answer', tests: without.HEADS },
      {
        fact: 'K3',
        hint: 'the headers of an answer with an error status',
        tests: without.HEADERS_OF_REFUSALS,
      },
      { fact: 'K3', hint: 'the body of an answer with an error status', tests: without.BODIES_OF_REFUSALS },
      ...ON_WECHAT_ALONE('K6'),
    ],
  },
  {
    platform: 'jd',
    name: 'JD',
    lanes: 5,
    without: ['cachedLogins', 'blockedUsers', 'cachedAnswers'],
    exceptions: [
      { fact: 'J5', lacks: 'a check of the session, as far as is known', tests: without.CHECK },
      ...ON_WECHAT_ALONE('J4'),
    ],
  },
]
