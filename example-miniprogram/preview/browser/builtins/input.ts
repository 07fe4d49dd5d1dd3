import type { Builtin } from './define'

type Field = HTMLInputElement | HTMLTextAreaElement

const field: Builtin<Field> = {
  properties: {
    value: String,
    type: String,
    password: Boolean,
    placeholder: String,
    placeholderClass: String,
    disabled: Boolean,
    maxlength: { type: Number, value: 140 },
    focus: Boolean,
    confirmType: String,
    confirmHold: Boolean,
    adjustPosition: Boolean,
    cursorSpacing: Number,
  },
  apply: {
    // The live value is a property of the element; the attribute is only its start.
    value(host, value: string) {
      if (host.value !== value) host.value = value
    },
    type(host, value: string) {
      host.inputMode = value === 'number' ? 'numeric' : value === 'digit' ? 'decimal' : 'text'
    },
    password(host, value: boolean) {
      if (host instanceof HTMLInputElement) host.type = value ? 'password' : 'text'
    },
    maxlength(host, value: number) {
      if (value >= 0) host.maxLength = value
      else host.removeAttribute('maxlength')
    },
    focus(host, value: boolean) {
      if (value) host.focus()
    },
  },
  created(host, component) {
    // Before the page's own handler, which reads the same value.
    host.addEventListener('input', () => component.setData({ value: host.value }))
    host.addEventListener('keydown', (event) => {
      if ((event as KeyboardEvent).key !== 'Enter' || host instanceof HTMLTextAreaElement) return
      component.triggerEvent('confirm', { value: host.value })
    })
  },
}

export const input = field as Builtin<HTMLInputElement>
export const textarea = field as Builtin<HTMLTextAreaElement>
