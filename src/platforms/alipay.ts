import { adapt, done, type Dialect, type Native } from './adapt'
import type { Raw } from './adapt-failures'
import { alipayCause, alipayRefusal } from './alipay-failures'
import type { Platform } from './wechat'

/** Alipay's `my`, whatever typings describe it. */
export interface AlipayObject {
  readonly request: CallableFunction
  readonly getAuthCode: CallableFunction
}

export interface AlipayOptions {
  /** What `my.getAuthCode` asks for. `'auth_user'` opens a dialog, which the user may refuse. Default `'auth_base'`, which is silent. */
  scopes?: string | readonly string[]
}

/**
 * Alipay, as `createClient` takes it.
 *
 * ```ts
 * const api = createClient({ platform: alipay(my), baseURL: 'https://api.example.com', login: { url: '/login' } })
 * ```
 */
export function alipay(my: AlipayObject, { scopes = 'auth_base' }: AlipayOptions = {}): Platform {
  return adapt(my, Object.assign({}, ALIPAY, { loginOptions: { scopes } }))
}

const ALIPAY: Dialect = {
  name: 'Alipay',
  object: 'my',
  login: 'getAuthCode',
  // PATCH is in no list of theirs (my typings, my.request page).
  methods: ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'TRACE', 'CONNECT'],
  longest: 60_000,
  // With 'json' a body that cannot be parsed is failure 14 (my.request page).
  isStrict: true,
  send(options, api) {
    options['headers'] = options['header']
    delete options['header']
    // There is no responseType: bytes come by dataType (my typings).
    if (options['responseType'] === 'arraybuffer') options['dataType'] = 'arraybuffer'
    if (api !== 'uploadFile') return
    options['fileName'] = options['name']
    // The simulator asks for it still (my.uploadFile page).
    options['fileType'] = options['fileType'] || 'image'
  },
  cause: alipayCause,
  task: (task, api) => ({
    abort: () => call(task, 'abort'),
    onHeadersReceived: (listener: (head: object) => void) =>
      call(task, 'onHeadersReceived', (head: Raw) =>
        listener(Object.assign({ header: head['headers'] }, head)),
      ),
    onProgressUpdate: (listener: (progress: object) => void) =>
      call(task, 'onProgressUpdate', (progress: Raw) => listener(namedAs(api, progress))),
  }),
  required: ({ error }) => alipayRefusal('my.getAuthCode', error),
  changes: (my) => ({
    getStorageSync: (key) => dataOf(call(my, 'getStorageSync', { key })),
    setStorageSync: (key, data) => done(call(my, 'setStorageSync', { key, data })),
    removeStorageSync: (key) => done(call(my, 'removeStorageSync', { key })),
    // Without `multiple` there is one socket for the whole app (my.connectSocket page).
    connectSocket(options) {
      const fields: Raw = { multiple: true }
      return call(my, 'connectSocket', Object.assign(fields, options))
    },
  }),
}

function call(object: Native, name: string, argument?: unknown): unknown {
  const run = object[name]
  return typeof run === 'function'
    ? (run as (argument: unknown) => unknown).call(object, argument)
    : undefined
}

/** A missing key has null; older runtimes have the value elsewhere (my typings, Taro). */
function dataOf(result: unknown): unknown {
  const { data, APDataStorage = '', error } = Object(result) as Raw
  if (error) done(Object.assign({}, result as object, { success: false }))
  return data === undefined || data === null ? APDataStorage : data
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
