import type { glassEasel } from 'glass-easel-miniprogram-adapter'
import type { BuiltinTag } from '../../builtin-tags'
import { button } from './button'
import { type Builtin, defineBuiltin } from './define'
import { input, textarea } from './input'
import { image } from './image'
import { scrollView } from './scroll-view'
import { slider } from './slider'
import { switcher } from './switch'

const BUILTINS: Record<BuiltinTag, Builtin<never>> = {
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
