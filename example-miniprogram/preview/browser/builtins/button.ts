import { openTypes } from '../wx/open-types'
import type { Builtin } from './define'

export const button: Builtin<HTMLButtonElement> = {
  properties: {
    type: String,
    size: String,
    plain: Boolean,
    disabled: Boolean,
    loading: Boolean,
    openType: String,
    formType: String,
  },
  apply: {
    // The HTML attribute `type` means something else: WeChat's is written for the style sheet only.
    type: (host, value: string) => host.setAttribute('data-type', value),
  },
  created(host, component) {
    host.type = 'button'
    host.addEventListener('click', () => {
      const open = openTypes[String(component.data.openType)]
      if (open) {
        open((event, detail) => component.triggerEvent(event, detail)).catch((error: unknown) =>
          reportError(error),
        )
      }
    })
  },
}
