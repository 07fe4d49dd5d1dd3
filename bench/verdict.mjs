import { isRight } from './scenarios.mjs'

/** A result in a word or two, and how grave it is: `right`, `costly`, `broken`, or `none` where it cannot be had. */
export function verdict(scenario, result) {
  const { wants, needs } = scenario
  if (!result) return { kind: 'none', words: `no ${needs}` }
  const { codes, failed, pending, sessionLeft, stopped, succeeded, wrong } = result
  if (isRight(scenario, result)) return { kind: 'right', words: '✓' }
  if (stopped) return { kind: 'broken', words: 'loops' }
  if (pending > 0) return { kind: 'broken', words: `${pending} hang` }
  if (wrong > 0) return { kind: 'broken', words: `${wrong} wrong` }
  if (wants.sessionLeft === false && sessionLeft) return { kind: 'broken', words: 'still in' }
  if (wants.succeeded > succeeded) return { kind: 'broken', words: `${failed} lost` }
  return { kind: 'costly', words: `${codes} codes` }
}
