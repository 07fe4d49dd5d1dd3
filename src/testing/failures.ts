import type { PlatformFailure } from '../platforms/wechat'
import type { Failure, FailureName } from './types'

/**
 * What phones report. The wording is no contract: it differs between Android, iOS and DevTools, and changes.
 * Numbers come from the public errno table; the net:: names are Chromium's, since cronet carries the requests.
 */
const failures: Record<FailureName, Failure> = {
  refused: cronet(-102, 'net::ERR_CONNECTION_REFUSED'),
  reset: cronet(-101, 'net::ERR_CONNECTION_RESET'),
  'timed-out': cronet(-118, 'net::ERR_CONNECTION_TIMED_OUT'),
  dns: cronet(-105, 'net::ERR_NAME_NOT_RESOLVED'),
  unreachable: cronet(-109, 'net::ERR_ADDRESS_UNREACHABLE'),
  certificate: cronet(-202, 'net::ERR_CERT_AUTHORITY_INVALID'),
  disconnected: cronet(-106, 'net::ERR_INTERNET_DISCONNECTED'),
  // iOS fails every running task when Wi-Fi gives way to cellular (staff answer in the WeChat community).
  'network-change': cronet(10011, 'network change, cancel all task'),
  timeout: { errMsg: 'fail timeout', errno: 5 },
  // Uploads do not go through cronet, and older clients' requests did not: the words are then those of the system, in
  // its language, and there is no number (network performance guide; reports in the community).
  'timeout-apple': { errMsg: 'fail The request timed out.' },
  'timeout-chinese': { errMsg: 'fail 请求超时' },
  'timeout-devtools': { errMsg: 'fail time out' },
  'disconnected-chinese': { errMsg: 'fail 似乎已断开与互联网的连接' },
  'dns-android': { errMsg: 'fail Unable to resolve host "api.test": No address associated with hostname' },
  // What the phone refuses each time, whatever the network (errno table).
  'not-in-domain-list': { errMsg: 'fail url not in domain list', errno: 600002 },
  'file-too-big': { errMsg: 'fail exceed max file size', errno: 603301 },
  'storage-full': {
    errMsg: 'fail the maximum size of the file storage limit is exceeded',
    errno: 1300202,
  },
  interrupted: { errMsg: 'fail interrupted', errno: 600003 },
  suspended: {
    errMsg:
      'fail createRequestTask:fail: jsapi has no permission, event=createRequestTask, runningState=suspend, ' +
      'network api interrupted in suspend state',
    errno: 600003,
  },
  // Neither wording nor errno of an abort is documented (RequestTask.abort page).
  abort: { errMsg: 'fail abort' },
  unknown: { errMsg: 'fail unknown network error', errno: 600000 },
}

function cronet(code: number, text: string): Failure {
  return { errMsg: `fail errcode:${code} cronet_error_code:${code} error_msg:${text}`, errno: 600001 }
}

/** The object that `fail` of `api` is called with. */
export function failureOf(api: string, failure: FailureName | Failure): PlatformFailure & { errMsg: string } {
  const { errMsg, errno } = typeof failure === 'string' ? failures[failure] : failure
  return errno === undefined ? { errMsg: `${api}:${errMsg}` } : { errMsg: `${api}:${errMsg}`, errno }
}
