import { glassEasel } from 'glass-easel-miniprogram-adapter'

interface Point {
  identifier: number
  clientX: number
  clientY: number
  pageX: number
  pageY: number
}

/** The event a handler in a page receives for one of the browser's. */
export function wxEvent(
  type: string,
  detail: unknown,
  options: glassEasel.EventOptions,
): glassEasel.Event<unknown> {
  const source = options.originalEvent as Event | undefined
  const touches = source ? pointsOf(source) : []
  return new glassEasel.Event(type, fieldValue(type, source) ?? detail, {
    ...options,
    extraFields: { touches, changedTouches: touches },
  })
}

/** Inputs tell their value in `detail`, which the browser's own events do not. */
function fieldValue(type: string, event: Event | undefined): { value: string; cursor: number } | undefined {
  const field = event?.target
  const isField = field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement
  if (!isField || !['input', 'focus', 'blur', 'change'].includes(type)) return undefined
  return { value: field.value, cursor: field.selectionStart ?? field.value.length }
}

function pointsOf(event: Event): Point[] {
  if ('changedTouches' in event) return Array.from((event as TouchEvent).changedTouches, point)
  return event instanceof MouseEvent ? [point(event)] : []
}

function point(at: Touch | MouseEvent): Point {
  const { clientX, clientY, pageX, pageY } = at
  return { identifier: 'identifier' in at ? at.identifier : 0, clientX, clientY, pageX, pageY }
}

/** The engine makes taps from touch and mouse. A click without a pointer (keyboard, a script) is one too. */
export function tapOnKeyboardClick(): void {
  document.addEventListener(
    'click',
    (click) => {
      if (click.detail !== 0) return
      let node = click.target as (Node & { __wxElement?: glassEasel.Element }) | null
      while (node && !node.__wxElement) node = node.parentNode
      if (!node?.__wxElement) return
      const options = { bubbles: true, composed: true, capturePhase: true, originalEvent: click }
      glassEasel.Event.dispatchEvent(node.__wxElement, wxEvent('tap', {}, options))
    },
    true,
  )
}
