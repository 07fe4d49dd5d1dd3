import { wordsOf, type Raw } from './adapt-failures'
import type { FailureCause } from './wechat'
import { headerOf, type Headers } from '../transport/headers'

/** What is so whoever speaks to it: the app, uni or Taro. */
export const ALIPAY_BASE = {
  name: 'Alipay',
  // PATCH is in no list of theirs (my typings, my.request page).
  methods: ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'TRACE', 'CONNECT'],
  longest: 60_000,
  // With 'json' a body that cannot be parsed is failure 14 (my.request page).
  isStrict: true,
}

export function sendToAlipay(options: Raw, api: string): void {
  const { dataType, responseType, header, headers = header } = options
  delete options['responseType']
  if (api === 'request') {
    // There is no responseType: bytes come by dataType, which has no other words than these and json (my typings).
    const type = responseType === 'arraybuffer' ? responseType : dataType
    options['dataType'] = type === 'arraybuffer' || type === 'base64' ? type : 'text'
    // A cookie of the app's own is left out otherwise (my.request page; reported: dcloudio/uni-app#667).
    if (headerOf(Object(headers) as Headers, 'cookie')) options['enableCookie'] = true
  }
  if (api !== 'uploadFile') return
  // The simulator asks for it still (my.uploadFile page).
  options['fileType'] = options['fileType'] || 'image'
  // What is no text cancels the upload (my typings; reported: lei-mu/luch-request#151).
  const { formData } = options
  if (!formData) return
  const form = Object.assign({}, formData) as Raw
  for (const name of Object.keys(form)) form[name] = String(form[name])
  options['formData'] = form
}

/**
 * By the tables of the my.request, my.downloadFile and my.getAuthCode pages. A time-out may be dressed as an answer that cannot be
 * parsed, with its own words in the place of the body (support pages).
 */
export function alipayCause({ error, data }: Raw, api: string): FailureCause | undefined {
  if (api === 'login') return error === 12 ? 'network' : undefined
  if (error === 13) return api === 'downloadFile' ? 'refused by the phone' : 'timeout'
  if ((error === 14 || error === undefined) && /超时|timeout/.test(String(data))) return 'timeout'
  if (error === 2 || error === 4 || error === 11 || error === 15) return 'refused by the phone'
  return error === undefined ? undefined : 'network'
}

/** 11: the user has refused; 3: no answer, as after the back key (my.getAuthCode page). */
export function alipayRefusal(call: string, error: unknown): string | undefined {
  return error === 11 || error === 3
    ? `The user did not agree in ${call} (${error}). Ask again on a tap: ensureLogin() there.`
    : undefined
}

/** A head has `headers`, but for an upload's; progress has the names of writing (my typings). */
export function taskOfAlipay(task: Raw, api: string): object {
  return {
    abort: () => call(task, 'abort'),
    onHeadersReceived: (listener: (head: object) => void) =>
      call(task, 'onHeadersReceived', (head: Raw) =>
        listener(Object.assign({ header: head['headers'] }, head)),
      ),
    onProgressUpdate: (listener: (progress: object) => void) =>
      call(task, 'onProgressUpdate', (progress: Raw) => listener(namedAs(api, progress))),
  }
}

/** Its calls say in their result that they have failed (my typings). */
export function done(result: unknown): void {
  const { success } = Object(result) as Raw
  if (success === false) throw new Error(wordsOf(result as Raw))
}

function call(task: Raw, name: string, argument?: unknown): unknown {
  const run = task[name]
  return typeof run === 'function' ? (run as (argument: unknown) => unknown).call(task, argument) : undefined
}

/** The names that WeChat has for them: here those of a download are an upload's too (my typings). */
function namedAs(api: string, progress: Raw): object {
  const { totalBytesWritten, totalBytesExpectedToWrite } = progress
  return api === 'uploadFile'
    ? {
        progress: progress['progress'],
        totalBytesSent: totalBytesWritten,
        totalBytesExpectedToSend: totalBytesExpectedToWrite,
      }
    : progress
}
