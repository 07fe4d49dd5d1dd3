import type { Response } from '../options/response'
import type { PlatformFailure, PlatformResponse } from '../platforms/wechat'
import type { HeadersReceived } from './task-events'

/** Only these open a stream: what comes with another status is an error's body. */
export function isOpening(statusCode: number): boolean {
  return statusCode >= 200 && statusCode < 400
}

/** Without a status nothing is known of it. Alipay's uploads have a text (reported: NervJS/taro#16860, umicro/uView#1210). */
export function isAnswer(result: PlatformResponse | null | undefined): result is PlatformResponse {
  return result ? Number(result.statusCode) > 0 : false
}

/** Some platforms fail where there was an answer with an error status (my.request page); it is the answer it is. */
export function answerIn(failure: PlatformFailure | undefined): PlatformResponse | undefined {
  if (!failure) return undefined
  const { statusCode, status = statusCode, data, headers, header = headers || {} } = failure
  return typeof status === 'number' && status >= 100 && status <= 599
    ? { statusCode: status, data, header }
    : undefined
}

/** WeChat hands an upload's body back as a string, whatever its type (wx.uploadFile page). */
export function parsed(data: unknown, { dataType }: { readonly [field: string]: unknown }): unknown {
  if (typeof data !== 'string' || (dataType !== undefined && dataType !== 'json')) return data
  try {
    return JSON.parse(data)
  } catch {
    // Not JSON: it stays the string it is.
    return data
  }
}

/** What users get of it. Uploads and downloads tell their headers in the head alone (wx.uploadFile and wx.downloadFile pages). */
export function responseOf(
  result: PlatformResponse,
  data: unknown,
  head: HeadersReceived | undefined,
): Response {
  const { header, statusCode } = result
  // A copy where something has to change: what the platform hands out may be frozen.
  if (header && data === result.data && typeof statusCode === 'number') return result as Response
  const cookies = result.cookies || (head && head.cookies)
  return Object.assign(
    {},
    result as Response,
    { data, header: header || (head && head.header) || {}, statusCode: Number(statusCode) },
    cookies && { cookies },
  )
}
