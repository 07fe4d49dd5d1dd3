import type { Builtin } from './define'

export const switcher: Builtin = {
  properties: { checked: Boolean, disabled: Boolean, color: String },
  apply: {
    checked: (host, value: boolean) => (host.ariaChecked = String(value)),
    color: (host, value: string) => host.style.setProperty('--active', value),
  },
  created(host, component) {
    host.role = 'switch'
    host.tabIndex = 0
    host.ariaChecked = 'false'
    host.addEventListener('click', () => {
      if (component.data.disabled === true) return
      const checked = component.data.checked !== true
      component.setData({ checked })
      component.triggerEvent('change', { value: checked })
    })
  },
}
