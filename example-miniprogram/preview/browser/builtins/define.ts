import type { glassEasel } from 'glass-easel-miniprogram-adapter'
import { pressWithHoverClass } from './hover'

type PropertyType = StringConstructor | NumberConstructor | BooleanConstructor
type Property = PropertyType | { type: PropertyType; value: unknown }

/** The component behind one built-in tag, as its functions see it. */
export interface BuiltinComponent {
  data: Record<string, unknown>
  triggerEvent(name: string, detail?: unknown, options?: { bubbles?: boolean; composed?: boolean }): void
  setData(data: Record<string, unknown>): void
}

/** A built-in tag. Its element in the document has the tag's own name: `<view>` is a `view` element. */
export interface Builtin<Host extends HTMLElement = HTMLElement> {
  properties?: Record<string, Property>
  /** What a property does to the element; without an entry it becomes the attribute of its name. */
  apply?: Record<string, (host: Host, value: never, component: BuiltinComponent) => void>
  /** Runs once for each element, before it has properties. */
  created?(host: Host, component: BuiltinComponent): void
}

/** Properties that every built-in tag has. */
const COMMON: Record<string, Property> = {
  hidden: Boolean,
  ariaLabel: String,
  ariaRole: String,
  ariaHidden: String,
  ariaLive: String,
  hoverClass: String,
}

export function defineBuiltin(space: glassEasel.ComponentSpace, tag: string, builtin: Builtin): void {
  const properties = { ...COMMON, ...builtin.properties }
  const observers: Record<string, (this: Instance, value: unknown) => void> = {}
  for (const name of Object.keys(properties)) {
    const apply = builtin.apply?.[name] as
      ((host: HTMLElement, value: unknown, self: Instance) => void) | undefined
    observers[name] = function (value) {
      const host = hostOf(this)
      if (apply) apply(host, value, this)
      else writeAttribute(host, name, value)
    }
  }
  const definition = space.defineComponent({
    is: `builtin/${tag}`,
    properties,
    observers,
    lifetimes: {
      created(this: Instance) {
        pressWithHoverClass(hostOf(this), this)
        builtin.created?.(hostOf(this), this)
      },
    },
  })
  space.setGlobalUsingComponent(tag, definition)
}

interface Instance extends BuiltinComponent {
  $$: unknown
}

function hostOf(component: Instance): HTMLElement {
  return component.$$ as HTMLElement
}

/** The tag's `ariaLabel` is HTML's `aria-label`; `aria-role` is called `role` there. */
function writeAttribute(host: HTMLElement, property: string, value: unknown): void {
  const dashed = property.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  const name = dashed === 'aria-role' ? 'role' : dashed
  if (value === false || value === '' || value === undefined || value === null) host.removeAttribute(name)
  else if (typeof value === 'string' || typeof value === 'number') host.setAttribute(name, String(value))
  else host.setAttribute(name, '')
}
