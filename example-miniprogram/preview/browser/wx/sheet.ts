import { byId, element } from '../frame/element'

export interface SheetItem<T> {
  label: string
  value: T
  picture?: string
}

/** A sheet rising from the bottom of the phone; resolves to what was chosen, or `undefined` when dismissed. */
export function chooseFromSheet<T>(title: string, items: SheetItem<T>[]): Promise<T | undefined> {
  return new Promise((resolve) => {
    const finish = (value?: T) => {
      shade.remove()
      resolve(value)
    }
    const buttons = items.map(({ label, value, picture }) => {
      const button = element('button', { class: 'sheet-item' }, label)
      if (picture) button.prepend(element('img', { src: picture, alt: '' }))
      button.addEventListener('click', () => finish(value))
      return button
    })
    const cancel = element('button', { class: 'sheet-cancel' }, '取消')
    cancel.addEventListener('click', () => finish())
    const sheet = element('div', { class: 'sheet', role: 'dialog', 'aria-label': title }, ...buttons, cancel)
    if (title) sheet.prepend(element('div', { class: 'sheet-title' }, title))
    const shade = element('div', { class: 'shade' }, sheet)
    shade.addEventListener('click', (event) => {
      if (event.target === shade) finish()
    })
    byId('layer').append(shade)
  })
}
