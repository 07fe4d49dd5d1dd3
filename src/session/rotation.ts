import { atOnce } from '../app-code'
import type { Attach, Rotate, SessionInit } from '../options/session'
import type { Response } from '../options/response'
import { toInit, tokenAt } from './exchange'
import type { Held } from './state'

/** Reads the next token out of an ordinary answer, if there is one. */
export type ReadNext = (response: Response) => SessionInit | undefined

/** Cookie sessions rotate by themselves: a browser would take each new value. */
export function createReadNext(rotate: Rotate | undefined, attach: Attach | undefined): ReadNext | undefined {
  const from = rotate || (typeof attach === 'object' && 'cookie' in attach ? attach : undefined)
  if (!from) return undefined
  return (response) => {
    try {
      const found = atOnce(tokenAt(from, response), 'rotate')
      return found ? toInit(found, 'that rotate found') : undefined
    } catch (error) {
      // The answer is good all the same, and so is the token there is.
      console.error('miniprogram-session: rotate failed', error)
      return undefined
    }
  }
}

/**
 * With rotation, a 401 may be overtaken by an answer that brings the next token: it is judged once every other request on the wire
 * with that token has been answered (law 20).
 */
export class Refusals {
  private waiting: { held: Held; judge: () => void }[] = []

  wait(held: Held, judge: () => void): void {
    this.waiting.push({ held, judge })
  }

  /** One attempt with this token has come back. */
  left(held: Held): void {
    held.out--
    if (held.out <= 0 && this.waiting.length > 0) this.judge((one) => one === held)
  }

  /** The token has been replaced, or nobody needs it any more. */
  judgeAll(): void {
    if (this.waiting.length > 0) this.judge(() => true)
  }

  private judge(isDue: (held: Held) => boolean): void {
    const { waiting } = this
    this.waiting = waiting.filter(({ held }) => !isDue(held))
    for (const { held, judge } of waiting) if (isDue(held)) judge()
  }
}
