import type { Signal } from '../index'

/** What phones have no `AbortController` for. */
export class Switch implements Signal {
  aborted = false
  /** No `Set`: what one has let go stays in memory for long where thousands come and go. */
  private listeners: (() => void)[] = []

  addEventListener(_type: 'abort', listener: () => void): void {
    this.listeners.push(listener)
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    const at = this.listeners.indexOf(listener)
    if (at >= 0) this.listeners.splice(at, 1)
  }

  abort(): void {
    this.aborted = true
    const { listeners } = this
    this.listeners = []
    for (const listener of listeners) listener()
  }
}

/** Aborted with either. What the app gives may be no signal at all: then it is for the client to say so. */
export function either(ours: Signal, given: unknown): unknown {
  const theirs = given as Signal | undefined
  if (theirs === undefined) return ours
  if (typeof (Object(theirs) as Signal).addEventListener !== 'function') return theirs
  return {
    get aborted() {
      return ours.aborted || theirs.aborted
    },
    addEventListener(type: 'abort', listener: () => void) {
      ours.addEventListener(type, listener)
      theirs.addEventListener(type, listener)
    },
    removeEventListener(_type: 'abort', listener: () => void) {
      stopHearing(ours, listener)
      stopHearing(theirs, listener)
    },
  }
}

export function stopHearing(signal: Signal, listener: () => void): void {
  if (signal.removeEventListener) signal.removeEventListener('abort', listener)
}
