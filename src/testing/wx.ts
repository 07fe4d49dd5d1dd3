import type { Clock } from '../platforms/wechat'
import type {
  WxCallbacks,
  WxResult,
  WxTypedDownload,
  WxTypedRequest,
  WxTypedUpload,
} from '../platforms/wx-options'
import type { NetworkType } from './network'

/**
 * WeChat's calls give a promise where they are given no callback (API guide). Written as its typings have it, `any` and all: the
 * compiler takes the fake for a `wx` only where the two conditions are the same.
 */
/* eslint-disable @typescript-eslint/no-explicit-any, @typescript-eslint/no-invalid-void-type -- see above */
type Answer<O, R> = O extends { success: any }
  ? void
  : O extends { fail: any }
    ? void
    : O extends { complete: any }
      ? void
      : Promise<R>
/* eslint-enable @typescript-eslint/no-explicit-any, @typescript-eslint/no-invalid-void-type */

type Options<O, R> = O & WxCallbacks<R>
type Call<O, R = WxResult> = <T extends Options<O, R>>(option: T) => Answer<T, R>
/** One that needs no options. */
type PlainCall<R = WxResult, O = object> = <T extends Options<O, R> = Options<O, R>>(
  option?: T,
) => Answer<T, R>

interface Keyed {
  key: string
  /** Base library 2.21.3. */
  encrypt?: boolean
}

type Loading = { title: string; mask?: boolean }
type Toast = Loading & {
  icon?: 'success' | 'error' | 'loading' | 'none'
  image?: string
  /** ms. */
  duration?: number
}
type Hide = { noConflict?: boolean }
interface Modal {
  title?: string
  content?: string
  showCancel?: boolean
  cancelText?: string
  cancelColor?: string
  confirmText?: string
  confirmColor?: string
  editable?: boolean
  placeholderText?: string
}
type ModalAnswer = WxResult & { confirm: boolean; cancel: boolean; content: string }

type Network = { networkType: NetworkType }
type NetworkAnswer = WxResult &
  Network & { hasSystemProxy: boolean; signalStrength: number; weakNet: boolean }
export type NetworkChange = Network & { isConnected: boolean }

/** How the app was opened (wx.getLaunchOptionsSync page). */
export interface FakeLaunchOptions {
  path: string
  query: Record<string, string>
  scene: number
  apiCategory: 'default' | 'browseOnly'
  referrerInfo: { appId: string; extraData: Record<string, unknown> }
  forwardMaterials: never[]
  hostExtraData: { host_scene: string }
}

interface Task {
  abort(): void
  onHeadersReceived(
    listener: (head: { header: Record<string, string>; statusCode: number; cookies: string[] }) => void,
  ): void
  offHeadersReceived(listener?: (head: never) => void): void
}

interface RequestTask extends Task {
  onChunkReceived(listener: (chunk: { data: ArrayBuffer }) => void): void
  offChunkReceived(listener?: (chunk: never) => void): void
}

interface SocketTask {
  onOpen(listener: (event: { header: Record<string, string>; profile: never }) => void): void
  onMessage(listener: (event: { data: string | ArrayBuffer }) => void): void
  onError(listener: (failure: WxResult) => void): void
  onClose(listener: (event: { code: number; reason: string }) => void): void
  send(option: WxCallbacks<WxResult> & { data: string | ArrayBuffer }): void
  close(option: WxCallbacks<WxResult> & { code?: number; reason?: string }): void
}

interface ConnectSocket extends WxCallbacks<WxResult> {
  url: string
  header?: object
  protocols?: string[]
  timeout?: number
  tcpNoDelay?: boolean
  perMessageDeflate?: boolean
  forceCellularNetwork?: boolean
}

interface TransferTask<P> extends Task {
  onProgressUpdate(listener: (progress: P) => void): void
  offProgressUpdate(listener?: (progress: never) => void): void
}

/** In bytes; `progress` in per cent. */
type Sent = { progress: number; totalBytesSent: number; totalBytesExpectedToSend: number }
type Written = { progress: number; totalBytesWritten: number; totalBytesExpectedToWrite: number }

/** The fake `wx`: typed as the real one, and with the clock that the SDK then takes its time from. */
export type FakeWx = {
  clock: Clock
  request(this: void, option: WxTypedRequest<string | object | ArrayBuffer>): RequestTask
  uploadFile(this: void, option: WxTypedUpload): TransferTask<Sent>
  downloadFile(this: void, option: WxTypedDownload): TransferTask<Written>
  connectSocket(this: void, option: ConnectSocket): SocketTask
  login: PlainCall<WxResult & { code: string }, { timeout?: number }>
  checkSession: PlainCall
  getStorage<
    T = unknown,
    U extends Options<Keyed, WxResult & { data: T }> = Options<Keyed, WxResult & { data: T }>,
  >(
    this: void,
    option: U,
  ): Answer<U, WxResult & { data: T }>
  setStorage<
    T = unknown,
    U extends Options<Keyed & { data: T }, WxResult> = Options<Keyed & { data: T }, WxResult>,
  >(
    this: void,
    option: U,
  ): Answer<U, WxResult>
  removeStorage: Call<{ key: string }>
  clearStorage: PlainCall
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- as in WeChat's typings
  getStorageSync<T = unknown>(this: void, key: string): T
  setStorageSync(this: void, key: string, data: unknown): void
  removeStorageSync(this: void, key: string): void
  clearStorageSync(this: void): void
  /** Sizes in KB. */
  getStorageInfoSync(this: void): { keys: string[]; currentSize: number; limitSize: number }
  getApiCategory(this: void): string
  getLaunchOptionsSync(this: void): FakeLaunchOptions
  getNetworkType: PlainCall<NetworkAnswer>
  onNetworkStatusChange(this: void, listener: (change: NetworkChange) => void): void
  offNetworkStatusChange(this: void, listener?: (change: never) => void): void
  onAppShow(this: void, listener: (options: FakeLaunchOptions) => void): void
  offAppShow(this: void, listener?: (options: never) => void): void
  onAppHide(this: void, listener: (hidden: WxResult & { reason: 0 }) => void): void
  offAppHide(this: void, listener?: (hidden: never) => void): void
  showLoading: Call<Loading>
  hideLoading: PlainCall<WxResult, Hide>
  showToast: Call<Toast>
  hideToast: PlainCall<WxResult, Hide>
  showModal: Call<Modal, ModalAnswer>
}

/** The calls of `wx` that the fake has. */
export type FakeWxName = Exclude<keyof FakeWx, 'clock'>
