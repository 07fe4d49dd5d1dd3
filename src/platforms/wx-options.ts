/**
 * What is WeChat's in our public types, in our own words: they refer to no global namespace, so that they mean the same beside any
 * edition of `miniprogram-api-typings`, and beside none. `tools/typings` holds them against the editions and other platforms'.
 */

interface WxNetworkOptions {
  url: string
  /** Whether the result has a `profile` of how long each step took. Default `true` on phones. */
  enableProfile?: boolean
  /** Base library 2.10.4. Default `false`. */
  enableHttp2?: boolean
  /** Base library 2.10.4. Default `false`. */
  enableQuic?: boolean
}

/** The fields of `wx.request` that travel through untouched (wx.request page). */
export interface WxRequestOptions extends WxNetworkOptions {
  /** `'json'`: an answer that is JSON is parsed. Anything else leaves it the text it is. Default `'json'`. */
  dataType?: string
  /** Default `'text'`. */
  responseType?: 'text' | 'arraybuffer'
  /** HTTP caching. Base library 2.10.4. Default `false`. */
  enableCache?: boolean
  /** The answer arrives in pieces, which `task.onChunkReceived` hears. Base library 2.20.2. Default `false`. */
  enableChunked?: boolean
  /** Needs `httpDNSServiceId`. Base library 2.19.1. Default `false`. */
  enableHttpDNS?: boolean
  /** Whether the phone's own DNS is asked where HttpDNS fails. Base library 3.16.2. Default `true`. */
  enableHttpDNSFallback?: boolean
  httpDNSServiceId?: string
  /** ms after which the phone's own DNS is asked. Base library 3.8.9. Default 60 000. */
  httpDNSTimeout?: number
  /** Over the mobile network, although there is Wi-Fi. Base library 2.21.0. Default `false`. */
  forceCellularNetwork?: boolean
  /** `'manual'`: a redirect is the answer. Base library 3.2.2. Default `'follow'`. */
  redirect?: 'follow' | 'manual'
  /** Base library 3.3.3. Default: on Android `true` from 3.5.0 on, else `false`. */
  useHighPerformanceMode?: boolean
}

/** The fields of `wx.uploadFile` that travel through untouched, but for `formData`, whose values become text. */
export interface WxUploadOptions extends WxNetworkOptions {
  /** Where the file lies: a path that WeChat has given. */
  filePath: string
  /** Of the field in the form that the server finds the file under. */
  name: string
  formData?: object
}

/** The fields of `wx.downloadFile` that travel through untouched. */
export interface WxDownloadOptions extends WxNetworkOptions {
  /** Where the file is to lie. Default: a temporary path. */
  filePath?: string
}

/** What all results of WeChat's have. */
export interface WxResult {
  errMsg: string
}

/** What `success` of `wx.request` and `wx.uploadFile` is told. */
interface WxAnswer<T> extends WxResult {
  data: T
  statusCode: number
}

/** What `success` of `wx.downloadFile` is told. */
interface WxFile extends WxResult {
  statusCode: number
  tempFilePath: string
}

/** Callbacks as an object typed by WeChat has them. */
export interface WxCallbacks<R> {
  success?(result: R): void
  fail?(failure: WxResult): void
  complete?(result: WxResult): void
}

interface WxTyped<R> extends WxCallbacks<R> {
  header?: object
  timeout?: number
}

/** An object that is typed as WeChat's `RequestOption`. */
export interface WxTypedRequest<T> extends WxRequestOptions, WxTyped<WxAnswer<T>> {
  method?: 'OPTIONS' | 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE' | 'TRACE' | 'CONNECT'
  data?: string | object | ArrayBuffer
}

/** An object that is typed as WeChat's `UploadFileOption`. */
export interface WxTypedUpload extends WxUploadOptions, WxTyped<WxAnswer<string>> {}

/** An object that is typed as WeChat's `DownloadFileOption`. */
export interface WxTypedDownload extends WxDownloadOptions, WxTyped<WxFile> {}
