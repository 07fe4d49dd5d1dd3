import { glassEasel } from 'glass-easel-miniprogram-adapter'
import type { Hooks } from './program'

/** Calls a hook if there is one. What it throws, or rejects with, is reported like any other error of the page. */
export function callHook(target: Hooks, name: string, ...input: unknown[]): unknown {
  const hook = target[name]
  if (typeof hook !== 'function') return undefined
  return glassEasel.safeCallback(name, hook as (...input: unknown[]) => unknown, target, input)
}
