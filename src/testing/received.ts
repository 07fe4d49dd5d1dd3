import { joined, piecesOf } from './chunks'
import type { FakeRequest, NetworkApi } from './request'
import { receivedData, receivedText, wireBody } from './serialize'
import type { FakeReply } from './types'
import { utf8Length } from './utf8'

const UNKNOWN_FILE_SIZE = 1024

/** How this phone hands over what it received. */
export interface Reception {
  headerName(name: string): string
  /** What `errMsg` says of a success. */
  okMessage(api: NetworkApi): string
  /** Whether uploads tell their header and cookies too. */
  readonly uploadHeaders: boolean
  /** Stores a downloaded body, at `path` if given, and tells where. */
  keep(body: string | ArrayBuffer, path: unknown): string
}

/** The body on the wire; a HEAD has none. */
export function bodyOf(request: FakeRequest, reply: FakeReply): string | ArrayBuffer {
  if (request.method === 'HEAD') return ''
  const { chunks, data } = reply
  if (data !== undefined || chunks === undefined) return wireBody(data)
  return joined((piecesOf(reply, '') ?? []).map(({ bytes }) => bytes))
}

/** Bytes of a body or a file; 1 KB for a file that no test has put there. */
export function sizeOf(content: string | ArrayBuffer | undefined): number {
  if (content === undefined) return UNKNOWN_FILE_SIZE
  return typeof content === 'string' ? utf8Length(content) : content.byteLength
}

/**
 * The header as `success` and `onHeadersReceived` see it. Several cookies arrive in one field, joined by commas;
 * `cookies` has them apart (wx.request page, since 2.10.0).
 */
export function receivedHeader(reply: FakeReply, phone: Reception): Record<string, string> {
  const { header = {}, cookies = [] } = reply
  const received: Record<string, string> = {}
  for (const name of Object.keys(header)) received[phone.headerName(name)] = header[name] ?? ''
  if (cookies.length > 0) received[phone.headerName('Set-Cookie')] = cookies.join(',')
  return received
}

interface Result {
  errMsg: string
  [field: string]: unknown
}

/** What `success` is called with. */
export function resultOf(
  request: FakeRequest,
  reply: FakeReply,
  body: string | ArrayBuffer,
  phone: Reception,
): Result {
  const { api, options } = request
  const { statusCode = 200, cookies = [] } = reply
  const errMsg = phone.okMessage(api)
  if (api === 'downloadFile') {
    // Every status is written to a file and succeeds; header and cookies are not told (wx.downloadFile page).
    const place = phone.keep(body, options['filePath'])
    return { statusCode, [options['filePath'] === undefined ? 'tempFilePath' : 'filePath']: place, errMsg }
  }
  const told = { header: receivedHeader(reply, phone), cookies: [...cookies] }
  if (api === 'uploadFile') {
    // The body is always a string, header and cookies are not listed (wx.uploadFile page).
    return { data: receivedText(body), statusCode, errMsg, ...(phone.uploadHeaders && told) }
  }
  return {
    data: receivedData(body, options['dataType'], options['responseType']),
    statusCode,
    ...told,
    errMsg,
  }
}
