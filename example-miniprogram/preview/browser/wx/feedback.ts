import { byId, element } from '../frame/element'
import { wxFunction } from './callbacks'
import { chooseFromSheet } from './sheet'

interface Toast {
  title: string
  icon?: 'success' | 'error' | 'loading' | 'none'
  duration?: number
  mask?: boolean
}

interface Modal {
  title?: string
  content?: string
  showCancel?: boolean
  cancelText?: string
  confirmText?: string
}

/** Toasts, loading, modals and action sheets. As in WeChat only one toast or loading is seen at a time. */
export function feedback() {
  let shown: { element: HTMLElement; timer: number | undefined } | undefined

  function hide(): void {
    clearTimeout(shown?.timer)
    shown?.element.remove()
    shown = undefined
  }

  function show({ title, icon = 'success', mask }: Toast, duration: number | undefined): void {
    hide()
    const toast = element('div', { class: `toast ${icon}`, role: 'status' }, element('span', {}, title))
    if (icon !== 'none') toast.prepend(element('i'))
    const holder = element('div', { class: mask ? 'toast-holder mask' : 'toast-holder' }, toast)
    byId('layer').append(holder)
    shown = { element: holder, timer: duration === undefined ? undefined : setTimeout(hide, duration) }
  }

  return {
    showToast: wxFunction<Toast>('showToast', (options) => show(options, options.duration ?? 1500)),
    hideToast: wxFunction('hideToast', hide),
    showLoading: wxFunction<Toast>('showLoading', (options) =>
      show({ ...options, icon: 'loading' }, undefined),
    ),
    hideLoading: wxFunction('hideLoading', hide),
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
      element('div', { class: 'modal-title' }, title),
      element('div', { class: 'modal-content' }, content),
      element('div', { class: 'modal-buttons' }, ...buttons),
    )
    const shade = element('div', { class: 'shade centred' }, modal)
    byId('layer').append(shade)
  })
}
