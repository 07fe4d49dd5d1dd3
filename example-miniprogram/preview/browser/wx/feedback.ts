import { byId, element } from '../frame/element'
import { wxFunction } from './callbacks'
import { chooseFromSheet } from './sheet'

interface Toast {
  title: string
  icon?: 'success' | 'error' | 'loading' | 'none'
  duration?: number
  mask?: boolean
}

interface Hiding {
  noConflict?: boolean
}

interface Modal {
  title?: string
  content?: string
  showCancel?: boolean
  cancelText?: string
  confirmText?: string
}

type Kind = 'toast' | 'loading'

/** In characters (wx.showModal page). */
const BUTTON_LENGTH = 4

/** Toasts, loading, modals and action sheets. As in WeChat only one toast or loading is seen at a time. */
export function feedback() {
  let shown: { kind: Kind; element: HTMLElement; timer: number | undefined } | undefined

  function clear(): void {
    clearTimeout(shown?.timer)
    shown?.element.remove()
    shown = undefined
  }

  /** Hides the other kind as well, but with `noConflict` (wx.hideLoading page; base library 2.22.1). */
  function hide(kind: Kind, noConflict = false): void {
    if (!shown || (noConflict && shown.kind !== kind)) throw new Error("toast can't be found")
    clear()
  }

  function show(kind: Kind, { title, icon = 'success', mask }: Toast, duration?: number): void {
    if (typeof title !== 'string')
      throw new Error(`parameter error: parameter.title should be String instead of ${typeof title};`)
    clear()
    const toast = element('div', { class: `toast ${icon}`, role: 'status' }, element('span', {}, title))
    if (icon !== 'none') toast.prepend(element('i'))
    const holder = element('div', { class: mask ? 'toast-holder mask' : 'toast-holder' }, toast)
    byId('layer').append(holder)
    const timer = duration === undefined ? undefined : setTimeout(clear, duration)
    shown = { kind, element: holder, timer }
  }

  return {
    showToast: wxFunction<Toast>('showToast', (options) => show('toast', options, options.duration ?? 1500)),
    hideToast: wxFunction<Hiding>('hideToast', ({ noConflict }) => hide('toast', noConflict)),
    showLoading: wxFunction<Toast>('showLoading', (options) =>
      show('loading', { ...options, icon: 'loading' }),
    ),
    hideLoading: wxFunction<Hiding>('hideLoading', ({ noConflict }) => hide('loading', noConflict)),
    showModal: wxFunction<Modal>('showModal', showModal),
    showActionSheet: wxFunction<{ itemList: string[] }>('showActionSheet', async ({ itemList }) => {
      const tapIndex = await chooseFromSheet(
        '',
        itemList.map((label, value) => ({ label, value })),
      )
      if (tapIndex === undefined) throw new Error('cancel')
      return { tapIndex }
    }),
  }
}

function showModal(options: Modal): Promise<{ confirm: boolean; cancel: boolean }> {
  const { title = '', content = '', showCancel = true, cancelText = '取消', confirmText = '确定' } = options
  for (const [name, text] of Object.entries({ cancelText, confirmText })) {
    if (text.length > BUTTON_LENGTH)
      throw new Error(`${name} length should not larger than 4 Chinese characters`)
  }
  return new Promise((resolve) => {
    const button = (label: string, kind: string, confirm: boolean) => {
      const made = element('button', { class: kind }, label)
      made.addEventListener('click', () => {
        shade.remove()
        resolve({ confirm, cancel: !confirm })
      })
      return made
    }
    const buttons = [button(confirmText, 'confirm', true)]
    if (showCancel) buttons.unshift(button(cancelText, 'cancel', false))
    const modal = element(
      'div',
      { class: 'modal', role: 'alertdialog', 'aria-label': title || content },
      ...(title ? [element('div', { class: 'modal-title' }, title)] : []),
      element('div', { class: title ? 'modal-content' : 'modal-content alone' }, content),
      element('div', { class: 'modal-buttons' }, ...buttons),
    )
    const shade = element('div', { class: 'shade centred' }, modal)
    byId('layer').append(shade)
  })
}
