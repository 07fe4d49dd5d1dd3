import type { PlatformFailure, PlatformResponse } from '../platforms/wechat'
import type { Headers } from './headers'

/** The call of WeChat's that carries it. */
export type Kind = 'request' | 'uploadFile' | 'downloadFile'

/** What `wx.request` is called with; an `attach` function sees it before its data is serialised. */
export interface WireOptions {
  url: string
  method: string
  header: Headers
  data: unknown
  timeout: number
  success: ((result: PlatformResponse) => void) | undefined
  fail: ((failure: PlatformFailure) => void) | undefined
  complete: undefined
  [field: string]: unknown
}
