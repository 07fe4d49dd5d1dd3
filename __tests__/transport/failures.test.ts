import { NetworkError, TimeoutError, type FailureKind } from '../../src'
import { kindOf, readFailure } from '../../src/transport/failures'

const URL = 'https://api.test/orders?skey=hush'

/** What is told of a failure of a request to `URL`, with the token `hush` on it. */
const read = (errMsg: string | undefined, errno?: number) =>
  readFailure(
    { ...(errMsg !== undefined && { errMsg }), ...(errno !== undefined && { errno }) },
    URL,
    5000,
    'hush',
  )

/** By the public errno table, cronet's and Apple's lists, and reports in the community: see platform facts 13, 14, 32, 38, 39. */
const FACTS: [string, number | undefined, FailureKind | 'timeout'][] = [
  // Time-outs, in all their languages.
  ['request:fail timeout', 5, 'timeout'],
  ['request:fail', 5, 'timeout'],
  ['request:fail timeout', undefined, 'timeout'],
  ['request:fail time out', undefined, 'timeout'],
  ['request:fail The request timed out.', undefined, 'timeout'],
  ['request:fail 请求超时。', undefined, 'timeout'],
  ['request:fail 請求逾時', undefined, 'timeout'],
  ['uploadFile:fail timeout', 5, 'timeout'],
  // No network.
  [
    'request:fail errcode:-106 cronet_error_code:-106 error_msg:net::ERR_INTERNET_DISCONNECTED',
    600001,
    'offline',
  ],
  ['request:fail -1009', undefined, 'offline'],
  ['uploadFile:fail 似乎已断开与互联网的连接。', undefined, 'offline'],
  ['request:fail The Internet connection appears to be offline.', undefined, 'offline'],
  // Nothing can have reached the server.
  [
    'request:fail errcode:-102 cronet_error_code:-102 error_msg:net::ERR_CONNECTION_REFUSED',
    600001,
    'never connected',
  ],
  [
    'request:fail errcode:-104 cronet_error_code:-104 error_msg:net::ERR_CONNECTION_FAILED',
    600001,
    'never connected',
  ],
  [
    'request:fail errcode:-105 cronet_error_code:-105 error_msg:net::ERR_NAME_NOT_RESOLVED',
    600001,
    'never connected',
  ],
  [
    'request:fail errcode:-109 cronet_error_code:-109 error_msg:net::ERR_ADDRESS_UNREACHABLE',
    600001,
    'never connected',
  ],
  [
    'request:fail errcode:-118 cronet_error_code:-118 error_msg:net::ERR_CONNECTION_TIMED_OUT',
    600001,
    'never connected',
  ],
  [
    'request:fail errcode:-137 cronet_error_code:-137 error_msg:net::ERR_NAME_RESOLUTION_FAILED',
    600001,
    'never connected',
  ],
  [
    'uploadFile:fail Unable to resolve host "api.test": No address associated with hostname',
    undefined,
    'never connected',
  ],
  ['request:fail connect ECONNREFUSED 127.0.0.1:3000', undefined, 'never connected'],
  ['request:fail getaddrinfo ENOTFOUND api.test', undefined, 'never connected'],
  // It may have arrived.
  ['request:fail errcode:-101 cronet_error_code:-101 error_msg:net::ERR_CONNECTION_RESET', 600001, 'network'],
  [
    'request:fail errcode:-202 cronet_error_code:-202 error_msg:net::ERR_CERT_AUTHORITY_INVALID',
    600001,
    'network',
  ],
  ['request:fail unknown network error', 600000, 'network'],
  ['request:fail', undefined, 'network'],
  ['request:fail errcode:-1020', undefined, 'network'],
  ['request:fail errcode:-1061', undefined, 'network'],
  // In the background, and when the network changes.
  ['request:fail interrupted', 600003, 'interrupted'],
  ['request:fail interrupted', undefined, 'interrupted'],
  [
    'request:fail createRequestTask:fail: jsapi has no permission, runningState=suspend',
    undefined,
    'interrupted',
  ],
  [
    'request:fail errcode:10011 cronet_error_code:10011 error_msg:network change, cancel all task',
    600001,
    'network change',
  ],
  // Reported: zhengjunxin/wx-promise-request#6, on one phone of Huawei's.
  ['request:fail socket time out :3000', undefined, 'timeout'],
  // Another try would end the same.
  [
    'request:fail parameter error: parameter.url should be String instead of Undefined;',
    undefined,
    'refused by the phone',
  ],
  ['request:fail url not in domain list', 600002, 'refused by the phone'],
  ['request:fail url not in domain list', undefined, 'refused by the phone'],
  ['request:fail', 600009, 'refused by the phone'],
  ['request:fail', 600010, 'refused by the phone'],
  ['request:fail', 600011, 'refused by the phone'],
  ['downloadFile:fail exceed max file size', 603301, 'refused by the phone'],
  ['downloadFile:fail exceed max file size', undefined, 'refused by the phone'],
  [
    'downloadFile:fail the maximum size of the file storage limit is exceeded',
    1300202,
    'refused by the phone',
  ],
]

test.each(FACTS)('"%s" with errno %p means: %s', (words, errno, kind) => {
  expect(kindOf({ errno }, words)).toBe(kind)
})

test('too many tasks at once (600007) is over when one of them is: another try may help', () => {
  expect(kindOf({ errno: 600007 }, 'request:fail network exceed max task count')).toBe('network')
  // Reported: netease-im/NIM_Web_Weapp_Demo#9, in WeChat's spelling.
  expect(kindOf({}, 'connectSocket:fail createSocketTask:fail exceed max cocurrent count')).toBe('network')
})

test.each<[FailureKind | undefined, string, number | undefined, string]>([
  ['offline', 'request:fail net::ERR_INTERNET_DISCONNECTED', 600001, 'OFFLINE'],
  ['interrupted', 'request:fail interrupted', 600003, 'INTERRUPTED'],
  ['network', 'request:fail', undefined, 'NETWORK'],
  ['never connected', 'request:fail ECONNREFUSED', undefined, 'NETWORK'],
  ['network change', 'request:fail network change, cancel all task', 600001, 'NETWORK'],
  ['refused by the phone', 'request:fail url not in domain list', 600002, 'NETWORK'],
])('%s is told with its kind, its number and the words of the phone', (kind, words, errno, code) => {
  const error = read(words, errno)
  expect(error).toBeInstanceOf(NetworkError)
  expect(error).toMatchObject({ kind, code, errno, errMsg: words })
})

test('what this phone refuses each time is not told to be tried again', () => {
  expect(read('request:fail url not in domain list', 600002).message).toContain(
    'Another try would end the same',
  )
  expect(read('request:fail').message).toContain('Offer a retry')
})

test("a time-out of the phone's is told as ours is, with the request's timeout", () => {
  const error = read('request:fail timeout', 5)
  expect(error).toBeInstanceOf(TimeoutError)
  expect(error).toMatchObject({ code: 'TIMEOUT', errno: 5, errMsg: 'request:fail timeout' })
  expect(error.message).toContain('timeout of 5000 ms')
})

test('neither query nor token is in what is told, wherever the phone quotes them', () => {
  const error = read(`request:fail url not in domain list: ${URL} and /x?y=1, token hush`, 600002)
  expect(error.message).toContain('https://api.test/orders and /x')
  expect(error.message + error.errMsg).not.toMatch(/hush|y=1/)
})

test.each([
  'https://api.test/-106',
  'https://api.test/interrupted',
  'https://api.test/timeout',
  'https://api.test/x?-102',
])('the words of a URL are no words of the phone: %s', (url) => {
  expect(readFailure({ errMsg: `request:fail ${url} broken` }, url, 5000, undefined)).toMatchObject({
    code: 'NETWORK',
    kind: 'network',
  })
})

test('what a failure means is asked before the token in its words is masked', () => {
  const words = 'request:fail network change, cancel all task'
  expect(readFailure({ errMsg: words }, URL, 5000, 'g')).toMatchObject({ kind: 'network change' })
  expect(readFailure({ errMsg: 'request:fail interrupted' }, URL, 5000, 'interrupted')).toMatchObject({
    code: 'INTERRUPTED',
  })
})

test('a failure that says nothing at all is one of the network', () => {
  expect(read(undefined)).toMatchObject({ code: 'NETWORK', kind: 'network' })
})
