import type { Clock } from '../platforms/wechat'

/** Callbacks as `@douyin-microapp/typings` has them; no call gives a promise there. */
export interface TtCallbacks<R = object> {
  success?: (result: R & { errMsg: string }) => void
  fail?: (failure: { errMsg: string; errNo?: number }) => void
  complete?: (outcome: Partial<R> & { errMsg: string; errNo?: number }) => void
}

interface Task {
  abort: () => void
}

type Progress = {
  progress: number
  totalBytesSent: number
  totalBytesExpectedToSend: number
}

type Written = {
  progress: number
  totalBytesWritten: number
  totalBytesExpectedToWrite: number
}

interface Target {
  url: string
  header?: object
  timeout?: number
}

/** The calls that all platforms of WeChat's shape have in their fakes. */
export interface FakeLikeWx {
  clock: Clock
  uploadFile: (
    option: TtCallbacks<{ data: string; statusCode: number }> &
      Target & { filePath: string; name: string; formData?: object },
  ) => Task & { onProgressUpdate: (listener: (progress: Progress) => void) => void }
  downloadFile: (
    option: TtCallbacks<{ tempFilePath: string; statusCode: number }> & Target & { filePath?: string },
  ) => Task & { onProgressUpdate: (listener: (progress: Written) => void) => void }
  checkSession: (option?: TtCallbacks) => void
  getStorageSync: (key: string) => unknown
  setStorageSync: (key: string, data: unknown) => unknown
  removeStorageSync: (key: string) => unknown
  getStorage: (option: TtCallbacks<{ data: unknown }> & { key: string }) => void
  setStorage: (option: TtCallbacks & { key: string; data: unknown }) => void
  removeStorage: (option: TtCallbacks & { key: string }) => void
  getLaunchOptionsSync: () => { path: string; query: object; scene: string }
  getNetworkType: (option?: TtCallbacks<{ networkType: string }>) => void
  onNetworkStatusChange: (listener: (change: { isConnected: boolean; networkType: string }) => void) => void
  onAppShow: (listener: (options: object) => void) => void
  offAppShow: (listener?: (options: never) => void) => void
  onAppHide: (listener: (result: object) => void) => void
  offAppHide: (listener?: (result: never) => void) => void
  showLoading: (option: TtCallbacks & { title: string; mask?: boolean }) => void
  hideLoading: (option?: TtCallbacks) => void
  showToast: (
    option: TtCallbacks & { title: string; icon?: string; duration?: number; mask?: boolean },
  ) => void
  hideToast: (option?: TtCallbacks) => void
  showModal: (
    option: TtCallbacks<{ confirm: boolean; cancel: boolean }> & {
      title?: string
      content?: string
      confirmText?: string
      cancelText?: string
      showCancel?: boolean
    },
  ) => void
}

interface Answer {
  data: string | object | ArrayBuffer
  statusCode: number
  header: Record<string, string>
}

type Request<M extends string, D> = (
  option: TtCallbacks<Answer> & Target & { method?: M; data?: D; dataType?: string; responseType?: string },
) => Task

/** The fake `tt`: its calls as `@douyin-microapp/typings` describes them, and the clock that the SDK then takes its time from. */
export interface FakeTt extends FakeLikeWx {
  request: Request<'GET' | 'POST' | 'OPTIONS' | 'PUT' | 'HEAD' | 'DELETE' | 'PATCH', object | ArrayBuffer>
  login: (
    option: TtCallbacks<{ code: string; anonymousCode: string; isLogin: boolean }> & { force?: boolean },
  ) => void
}

type OtherMethod = 'OPTIONS' | 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE'

/** The fake `swan`. */
export interface FakeSwan extends FakeLikeWx {
  request: Request<OtherMethod, object | string | ArrayBuffer>
  /** Since 2021; older ones have `login` and `isLoginSync` alone. */
  getLoginCode?: (option?: TtCallbacks<{ code: string }>) => void
  login: (option?: TtCallbacks<{ code: string }>) => void
  isLoginSync: () => { isLogin: boolean }
}

/** The fake `ks`. */
export interface FakeKs extends FakeLikeWx {
  request: Request<'GET' | 'POST', object | string | ArrayBuffer>
  login: (option?: TtCallbacks<{ code: string }>) => void
}

/** The fake `jd`. It has no `checkSession`. */
export interface FakeJd extends Omit<FakeLikeWx, 'checkSession'> {
  request: Request<OtherMethod, object | string | ArrayBuffer>
  login: (option?: TtCallbacks<{ code: string }> & { timeout?: number }) => void
}
