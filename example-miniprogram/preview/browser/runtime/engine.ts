import {
  type AssociatedBackend,
  type CodeSpace,
  MiniProgramEnv,
  type Root,
  glassEasel,
  type types,
} from 'glass-easel-miniprogram-adapter'
import { rpx } from '../../compile/wxss'
import { defineBuiltins } from '../builtins'
import { wxEvent } from './events'
import type { Program, ProgramUnit } from './program'

/** WeChat's own component engine, set up for one mini-program in this window. */
export class Engine {
  readonly #space: CodeSpace
  readonly #backend: AssociatedBackend

  constructor() {
    const env = new MiniProgramEnv()
    this.#space = env.createCodeSpace('', true)
    keepIds(this.#space)
    defineBuiltins(this.#space.getComponentSpace())
    const window = new Backend()
    window.onEvent((target, type, detail, options) => {
      const event = wxEvent(type, detail, options)
      glassEasel.Event.dispatchEvent(target, event)
      return event.getEventBubbleStatus()
    })
    this.#backend = env.associateBackend(window)
    // The engine swallows what a handler throws into a console line without a stack; here it must be seen.
    glassEasel.addGlobalErrorListener((error) => {
      reportError(error)
      return false
    })
    glassEasel.addGlobalWarningListener((message) => {
      console.warn(`[wxml] ${message}`)
      return false
    })
  }

  /** Registers templates and runs the script of each page and component, as WeChat does before the first page. */
  load({ units, templates }: Program, warn: (text: string) => void): void {
    for (const [name, unit] of Object.entries(units)) {
      this.#space.addComponentStaticConfig(name, unit.config as unknown as types.ComponentStaticConfig)
      const content = templates[name]
      if (content) {
        this.#space.addCompiledTemplate(name, {
          groupList: templates,
          content,
        })
      }
      if (unit.scope) this.#space.addStyleSheet(name, undefined, unit.scope)
      this.#space.globalComponentEnv(globalThis, name, unit.load)
    }
    for (const [name, unit] of Object.entries(units)) this.#findMethods(name, unit, warn)
  }

  /** The engine passes over an event whose method is missing; WeChat's own tools complain. */
  #findMethods(name: string, { handlers }: ProgramUnit, warn: (text: string) => void): void {
    const definition = this.#space.getComponentSpace().getComponentByUrlWithoutDefault(name, '')
    if (!definition) return
    definition.behavior.prepare()
    const methods = glassEasel.Component.getMethodsFromDef(definition.general())
    for (const { name: method, file, line, column } of handlers) {
      if (!(method in methods)) warn(`${file}:${line}:${column}: ${name} has no method "${method}"`)
    }
  }

  /** Makes a page's component tree, not yet in the document. */
  create(name: string): Root {
    return this.#backend.createRoot('page', this.#space, name)
  }
}

/** Styles that a template computes come as text: rpx in them is turned on the way to the document. */
class Backend extends glassEasel.CurrentWindowBackendContext {
  override document = {
    createElement: (tag: string) => {
      const element = document.createElement(tag)
      const set = element.setAttribute.bind(element)
      element.setAttribute = (name, value) => set(name, name === 'style' ? rpx(value) : value)
      return element
    },
    createTextNode: (text: string) => document.createTextNode(text),
    createDocumentFragment: () => document.createDocumentFragment(),
  } as unknown as glassEasel.CurrentWindowBackendContext['document']
}

/**
 * By default ids stay out of the document, or get a prefix, so that components cannot clash. A mini-program's
 * style sheets select by `#id` though. The adapter has no option for it, only this inner method.
 */
function keepIds(space: CodeSpace): void {
  space.getComponentSpace().updateComponentOptions({ writeIdToDOM: true })
  const hook = space as unknown as {
    prepareComponentOptions(...input: unknown[]): [glassEasel.ComponentOptions, ...unknown[]]
  }
  const prepare = hook.prepareComponentOptions.bind(space)
  hook.prepareComponentOptions = (...input) => {
    const [options, ...rest] = prepare(...input)
    return [{ ...options, idPrefixGenerator: null }, ...rest]
  }
}
