import type { glassEasel } from 'glass-easel-miniprogram-adapter'
import { button } from './button'
import { type Builtin, defineBuiltin } from './define'
import { input, textarea } from './input'
import { image } from './image'
import { scrollView } from './scroll-view'
import { slider } from './slider'
import { switcher } from './switch'

/** The tags this preview knows: those the example uses, and what a small mini-program most often needs. */
const BUILTINS: Record<string, Builtin<never>> = {
  view: {},
  text: { properties: { userSelect: Boolean, selectable: Boolean, space: String, decode: Boolean } },
  button,
  image,
  input,
  textarea,
  'scroll-view': scrollView,
  slider,
  switch: switcher,
}

export function defineBuiltins(space: glassEasel.ComponentSpace): void {
  for (const [tag, builtin] of Object.entries(BUILTINS)) defineBuiltin(space, tag, builtin as Builtin)
}
