import type { Clock } from '../platforms/wechat'

type Options<R> = {
  success?(result: R): void
  fail?(failure: { error?: number; errorMessage?: string }): void
  complete?(result: unknown): void
}
/** A promise where no callback was given. */
type Answer<R> = Promise<R> | undefined

interface Task {
  abort(): void
  onHeadersReceived(listener: (head: { headers: Record<string, string> }) => void): void
  offHeadersReceived(listener?: (head: never) => void): void
}

interface TransferTask extends Task {
  onProgressUpdate(
    listener: (progress: {
      progress: number
      totalBytesWritten: number
      totalBytesExpectedToWrite: number
    }) => void,
  ): void
  offProgressUpdate(listener?: (progress: never) => void): void
}

interface Keyed {
  key: string
}

type Change = { success: boolean; error?: number; errorMessage?: string }

/** The fake `my`: its calls as `@mini-types/my` describes them, and the clock that the SDK then takes its time from. */
export interface FakeMy {
  clock: Clock
  canIUse(this: void, name: string): boolean
  request(
    this: void,
    option: Options<{
      data: string | Record<string, unknown> | ArrayBuffer
      status: number
      headers: Record<string, string>
      statusCode: number
      header: Record<string, string>
    }> & {
      url: string
      dataType?: 'base64' | 'json' | 'text' | 'arraybuffer'
      method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS' | 'HEAD' | 'TRACE' | 'CONNECT'
      data?: string | Record<string, string> | ArrayBuffer
      headers?: Record<string, string>
      header?: Record<string, string>
      timeout?: number
    },
  ): Task
  uploadFile(
    this: void,
    option: Options<{ data: string; statusCode: number; header: Record<string, string> }> & {
      url: string
      filePath: string
      name?: string
      fileName?: string
      fileType?: string
      header?: Record<string, string>
      formData?: Record<string, string>
      timeout?: number
    },
  ): TransferTask
  downloadFile(
    this: void,
    option: Options<{ apFilePath: string; tempFilePath: string }> & {
      url: string
      header?: Record<string, string>
      filePath?: string
      timeout?: number
    },
  ): TransferTask
  getAuthCode(
    this: void,
    option?: Options<{
      authCode: string
      authSuccessScopes: string[]
      authErrorScopes: Record<string, string>
    }> & {
      scopes?: string | string[]
    },
  ): Answer<{ authCode: string }>
  getStorageSync(this: void, option: Keyed): { data: unknown }
  setStorageSync(this: void, option: Keyed & { data: unknown }): Change
  removeStorageSync(this: void, option: Keyed): { success: true }
  clearStorageSync(this: void): void
  getStorage(this: void, option: Options<{ data: unknown }> & Keyed): Answer<{ data: unknown }>
  setStorage(this: void, option: Options<Change> & Keyed & { data: unknown }): Answer<Change>
  removeStorage(this: void, option: Options<Change> & Keyed): Answer<Change>
  getLaunchOptionsSync(this: void): { path: string; query: Record<string, string>; scene: string }
  getNetworkType(
    this: void,
    option?: Options<{ networkAvailable: boolean; networkType: string }>,
  ): Answer<{ networkAvailable: boolean; networkType: string }>
  onNetworkStatusChange(
    this: void,
    listener: (change: { isConnected: boolean; networkType: string }) => void,
  ): void
  offNetworkStatusChange(this: void, listener?: (change: never) => void): void
  onAppShow(this: void, listener: (options: object) => void): void
  offAppShow(this: void, listener?: (options: never) => void): void
  onAppHide(this: void, listener: (result: object) => void): void
  offAppHide(this: void, listener?: (result: never) => void): void
  showLoading(this: void, option?: Options<object> & { content?: string; delay?: number }): Answer<object>
  hideLoading(this: void, option?: Options<object>): Answer<object>
  showToast(
    this: void,
    option?: Options<object> & {
      content?: string
      type?: 'none' | 'success' | 'fail' | 'exception'
      duration?: number
    },
  ): Answer<object>
  hideToast(this: void, option?: Options<object>): Answer<object>
  confirm(
    this: void,
    option?: Options<{ confirm: boolean }> & {
      title?: string
      content?: string
      confirmButtonText?: string
      cancelButtonText?: string
    },
  ): Answer<{ confirm: boolean }>
}
