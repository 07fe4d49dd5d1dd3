import type { Raw } from './native'

/** A failure as `my` words it. */
type MyFailure = { error: number; errorMessage: string } & Raw

/** Failures in Alipay's numbers (my.request, my.uploadFile, my.downloadFile and my.getAuthCode pages). */
export class MyFailures {
  readonly http = { error: 19, errorMessage: 'http status error' }
  readonly json = { error: 14, errorMessage: 'JSON parse data error' }

  constructor(private readonly timeouts: 13 | 14) {}

  /** What was WeChat's. Offline, refused, stopped in the background: all of it is 12. */
  of(api: string, { errMsg, errno }: Raw): MyFailure {
    const words = String(errMsg).replace(/^\w+:/, '')
    const told = (error: number, errorMessage: string): MyFailure => ({ error, errorMessage })
    if (/abort/.test(words)) return told(9, `${api}:fail abort`)
    if (errno === 600002 || /domain list/.test(words))
      return told(4, 'no permission: the domain is not on the list')
    if (errno === 5 || /time ?d? ?out|超时/.test(words))
      return this.timeouts === 13
        ? told(13, 'network timeout')
        : { ...this.json, status: 13, data: '请求超时异常', headers: {} }
    if (/storage max size|storage error/.test(words)) return told(12, 'the storage is full')
    if (/single key/.test(words)) return told(14, 'too much for one key')
    if (/method is/.test(words)) return told(2, 'invalid parameter: method')
    if (api === 'getAuthCode' && !/net::|600001/.test(words)) return told(10, 'system error')
    return told(12, 'network error')
  }

  ofUser(did: 'refuses' | 'goes back'): MyFailure {
    return did === 'refuses'
      ? { error: 11, errorMessage: 'the user has cancelled' }
      : { error: 3, errorMessage: 'no result' }
  }

  /** Set and remove say in their result that they have failed, and do not throw (my typings). */
  told(change: () => void): { success: boolean; error?: number; errorMessage?: string } {
    try {
      change()
      return { success: true }
    } catch (error) {
      return { success: false, ...this.of('setStorageSync', { errMsg: String(error) }) }
    }
  }
}
