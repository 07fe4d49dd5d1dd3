import { adapt, ask } from './adapt'
import type { Raw } from './adapt-failures'
import { ALIPAY_BASE, alipayCause, alipayRefusal, done, sendToAlipay, taskOfAlipay } from './alipay-common'
import type { Dialect, Native } from './dialect'
import type { Platform } from './wechat'

/** Alipay's `my`, whatever typings describe it. */
export interface AlipayObject {
  readonly request: CallableFunction
  readonly getAuthCode: CallableFunction
}

/** What `alipay` takes beside `my`. */
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
  ...ALIPAY_BASE,
  object: 'my',
  login: 'getAuthCode',
  send(options, api) {
    options['headers'] = options['header']
    delete options['header']
    options['fileName'] = options['name']
    sendToAlipay(options, api)
  },
  cause: alipayCause,
  task: taskOfAlipay,
  required: ({ error }) => alipayRefusal('my.getAuthCode', error),
  changes: (my) => ({
    getStorageSync: (key) => dataOf(ask(my, 'getStorageSync', { key })),
    setStorageSync: (key, data) => done(ask(my, 'setStorageSync', { key, data })),
    removeStorageSync: (key) => done(ask(my, 'removeStorageSync', { key })),
    // Without `multiple` there is one socket for the whole app (my.connectSocket page).
    ...('connectSocket' in my && {
      connectSocket(options) {
        const fields: Raw = { multiple: true }
        return ask(my, 'connectSocket', Object.assign(fields, options))
      },
    }),
    showLoading: (options: Raw) => show(my, 'showLoading', { content: options['title'] }, options),
    showToast: (options: Raw) => show(my, 'showToast', { content: options['title'], type: 'none' }, options),
    showModal(options: Raw) {
      const { confirmText: confirmButtonText, cancelText: cancelButtonText } = options
      return show(my, 'confirm', { confirmButtonText, cancelButtonText }, options)
    },
  }),
}

/** In the names of `my` (my typings). Throws where there is no such call, so that nobody waits for an answer. */
function show(my: Native, name: string, named: Raw, options: Raw): unknown {
  return ask(my, name, Object.assign(named, options))
}

/** A missing key has null; older runtimes have the value elsewhere (my typings, Taro). */
function dataOf(result: unknown): unknown {
  const { data, APDataStorage = '', error } = Object(result) as Raw
  if (error) done(Object.assign({}, result as object, { success: false }))
  return data === undefined || data === null ? APDataStorage : data
}
