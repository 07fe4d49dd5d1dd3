import type { PlatformCallbacks } from '../platforms/wechat'
import { fail, hasCallbacks, succeed } from './callbacks'
import type { Thread } from './thread'

/** What the user has seen in WeChat's one slot for loading and toast. Times are those of the clock, in ms. */
export interface ShownUi {
  readonly kind: 'loading' | 'toast'
  readonly title: string
  /** Of a toast: `'success'`, `'error'`, `'loading'` or `'none'`. */
  readonly icon: string | undefined
  readonly mask: boolean
  readonly from: number
  /** Undefined while it is there. */
  until: number | undefined
}

/** A dialog that waits for the user, whom the test plays. It can be answered once. */
export interface FakeModal {
  readonly title: string
  readonly content: string
  readonly showCancel: boolean
  readonly confirmText: string
  readonly cancelText: string
  /** The user confirms; `content` is what was typed, with `editable`. */
  confirm(content?: string): void
  cancel(): void
  /** The user taps beside it: neither `confirm` nor `cancel` is true then (Android; wx.showModal page). */
  dismiss(): void
}

/** What shows or hides something. */
export type UiApi = 'showLoading' | 'hideLoading' | 'showToast' | 'hideToast' | 'showModal'

/** One call of those, ms of the clock. */
export interface UiCall {
  readonly api: UiApi
  readonly at: number
  readonly options: Readonly<Record<string, unknown>>
}

/** What the user sees beside the pages, and has seen. */
export interface FakeUi {
  /** Only one of loading and toast is there at a time (wx.showLoading page). */
  readonly shown: ShownUi | undefined
  /** All that was shown in turn, with `shown` at the end. */
  readonly log: readonly ShownUi[]
  /** Dialogs that are open, the newest last: WeChat has no queue for them, they lie on top of each other. */
  readonly modals: readonly FakeModal[]
  readonly calls: readonly UiCall[]
}

type Options = PlatformCallbacks<object> & Record<string, unknown>

/** A toast's default, in ms (wx.showToast page). */
const TOAST_DURATION = 1500
/** In characters (wx.showModal page). */
const BUTTON_LENGTH = 4

export function createUi(thread: Thread, settings: { noConflict: boolean }) {
  const { outside } = thread
  const log: ShownUi[] = []
  const modals: FakeModal[] = []
  const calls: UiCall[] = []
  let shown: ShownUi | undefined
  let toastEnd: unknown

  function clear(): void {
    outside.clearTimeout(toastEnd)
    if (shown !== undefined) shown.until = outside.now()
    shown = undefined
  }

  function show(kind: ShownUi['kind'], { title, icon, mask }: Options): void {
    if (typeof title !== 'string')
      throw new Error(`fail parameter error: parameter.title should be String instead of ${typeName(title)};`)
    clear()
    const icons = kind === 'toast' ? textOf(icon, 'success') : undefined
    shown = { kind, title, icon: icons, mask: mask === true, from: outside.now(), until: undefined }
    log.push(shown)
  }

  /** Hides the other kind as well, but with `noConflict` (both pages; base library 2.22.1). */
  function hide(kind: ShownUi['kind'], options: Options): void {
    const isMine = shown?.kind === kind || !(settings.noConflict && options['noConflict'] === true)
    // The words are what phones report, the pages have none.
    if (shown === undefined || !isMine) throw new Error("fail:toast can't be found")
    clear()
  }

  /** Does `work` at once and tells of it later, by callbacks or, without them, by a promise (API guide). */
  function call(api: UiApi, given: Options, work: (done: (result: object) => void) => void) {
    calls.push({ api, at: outside.now(), options: given })
    const run = (callbacks: PlatformCallbacks<object>) => {
      const later = (callback: () => void) => outside.setTimeout(() => thread.deliver(callback), 0)
      try {
        work((result) => later(() => succeed(callbacks, { ...result, errMsg: `${api}:ok` })))
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        later(() => fail(callbacks, { errMsg: `${api}:${reason}` }))
      }
    }
    if (hasCallbacks(given)) {
      run(given)
      return undefined
    }
    return new Promise<object>((success, reject) => run({ success, fail: reject }))
  }

  function openModal(options: Options, done: (result: object) => void): void {
    for (const name of ['confirmText', 'cancelText']) {
      if (textOf(options[name], '').length > BUTTON_LENGTH)
        throw new Error(`fail ${name} length should not larger than 4 Chinese characters`)
    }
    const answer = (confirm: boolean, cancel: boolean, content: string | null = null) => {
      const at = modals.indexOf(modal)
      if (at < 0) throw new Error(`The dialog "${modal.title}" has been answered before.`)
      modals.splice(at, 1)
      done({ confirm, cancel, content })
    }
    const modal: FakeModal = {
      title: textOf(options['title'], ''),
      content: textOf(options['content'], ''),
      showCancel: options['showCancel'] !== false,
      confirmText: textOf(options['confirmText'], '确定'),
      cancelText: textOf(options['cancelText'], '取消'),
      confirm: (content) => answer(true, false, options['editable'] === true ? (content ?? '') : null),
      cancel: () => answer(false, true),
      dismiss: () => answer(false, false),
    }
    modals.push(modal)
  }

  const ui: FakeUi = {
    get shown() {
      return shown
    },
    log,
    modals,
    calls,
  }

  return {
    ui,
    showLoading: (given: Options = {}) =>
      call('showLoading', given, (done) => {
        show('loading', given)
        done({})
      }),
    hideLoading: (given: Options = {}) =>
      call('hideLoading', given, (done) => {
        hide('loading', given)
        done({})
      }),
    showToast: (given: Options = {}) =>
      call('showToast', given, (done) => {
        show('toast', given)
        const { duration } = given
        toastEnd = outside.setTimeout(clear, typeof duration === 'number' ? duration : TOAST_DURATION)
        done({})
      }),
    hideToast: (given: Options = {}) =>
      call('hideToast', given, (done) => {
        hide('toast', given)
        done({})
      }),
    showModal: (given: Options = {}) => call('showModal', given, (done) => openModal(given, done)),
  }
}

function textOf(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise
}

function typeName(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1)
}
