import type { Builtin } from './define'

const range = (host: HTMLElement): HTMLInputElement =>
  host.querySelector('input') ?? document.createElement('input')

/** WeChat's slider; the browser's own one inside. */
export const slider: Builtin = {
  properties: {
    min: Number,
    max: { type: Number, value: 100 },
    step: { type: Number, value: 1 },
    value: Number,
    disabled: Boolean,
    activeColor: { type: String, value: '#1aad19' },
    backgroundColor: String,
    blockSize: Number,
    blockColor: String,
    showValue: Boolean,
  },
  apply: {
    min: (host, value: number) => draw(host, 'min', value),
    max: (host, value: number) => draw(host, 'max', value),
    step: (host, value: number) => draw(host, 'step', value),
    value: (host, value: number) => draw(host, 'value', value),
    disabled: (host, value: boolean) => (range(host).disabled = value),
    ariaLabel: (host, value: string) => (range(host).ariaLabel = value),
    activeColor: (host, value: string) => host.style.setProperty('--active', value),
    backgroundColor: (host, value: string) => host.style.setProperty('--rest', value),
    blockColor: (host, value: string) => host.style.setProperty('--block', value),
    blockSize: (host, value: number) => host.style.setProperty('--block-size', `${value}px`),
  },
  created(host, component) {
    const input = document.createElement('input')
    input.type = 'range'
    host.append(input)
    const tell = (event: string) => {
      draw(host, 'value', Number(input.value))
      component.triggerEvent(event, { value: Number(input.value) })
    }
    // The browser's events of the inner input must not reach the page beside ours.
    input.addEventListener('input', (event) => {
      event.stopPropagation()
      tell('changing')
    })
    input.addEventListener('change', (event) => {
      event.stopPropagation()
      tell('change')
    })
  },
}

function draw(host: HTMLElement, name: 'min' | 'max' | 'step' | 'value', value: number): void {
  const input = range(host)
  input[name] = String(value)
  const [min, max] = [Number(input.min), Number(input.max)]
  host.style.setProperty('--done', String((Number(input.value) - min) / Math.max(1, max - min)))
}
