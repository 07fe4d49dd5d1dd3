import { isThenable, quiet } from '../app-code'
import type { Platform, PlatformFailure } from '../platforms/wechat'
import type { Timer, Timers } from '../timers'

export interface Lost {
  readonly code: number
  readonly reason: string
  /** All that WeChat has said; nothing where it has said nothing. */
  readonly words: string
  readonly errno?: number | undefined
}

/** Who uses a line. At most one `opened`, then at most one `lost`; nothing at all once it was let go. */
export interface Hearer {
  opened(header: Record<string, unknown>): void
  message(event: { data: string | ArrayBuffer }): void
  lost(lost: Lost): void
  /** A message could not be sent. */
  readonly unsent: (failure: PlatformFailure) => void
  /** WeChat has no part in it any more, or says nothing of it. Always comes, and once. */
  gone(): void
}

export interface Line {
  /** Begins. It may be open when this returns. */
  dial(): void
  send(data: string | ArrayBuffer): void
  /** Nothing more is heard of it but `gone`. */
  letGo(code: number, reason: string): void
}

/** For an `onClose` behind an `onError`, and for one after `close()`: neither need come (reported of iOS 8.0.48, and of uni). */
const LAST_WORDS = 1000
const ABNORMAL = 1006

/** One connection. */
export function createLine(
  platform: Platform,
  timers: Timers,
  options: { url: string; header: Record<string, string>; protocols?: string[]; timeout: number },
  hearer: Hearer,
): Line {
  let state: 'connecting' | 'open' | 'over' = 'connecting'
  let task: ReturnType<typeof asTask> | undefined
  let isGone = false
  let words = ''
  let lastWords: Timer | undefined
  /** What was told before the open. */
  let early: { data: string | ArrayBuffer }[] = []
  let farewell = { code: 1000, reason: '' }
  const { timeout } = options
  const timer = timers.deadline(timeout, () => {
    lose({ code: ABNORMAL, reason: `connectionTimeout of ${timeout} ms`, words: '' })
  })

  function over(): void {
    state = 'over'
    early = []
    timers.cancel(timer)
    timers.cancel(lastWords)
  }

  function gone(): void {
    timers.cancel(lastWords)
    if (isGone) return
    isGone = true
    hearer.gone()
  }

  /** Ends it from this side. */
  function lose(lost: Lost): void {
    if (state === 'over') return
    letGo(farewell.code, '')
    hearer.lost(lost)
  }

  function close(): void {
    try {
      if (task) quiet(task.close(Object.assign({ fail: ignore }, farewell)))
    } catch {
      // Some throw before the open.
    }
  }

  function letGo(code: number, reason: string): void {
    if (state === 'over') return
    over()
    farewell = { code, reason }
    close()
    if (!isGone) lastWords = timers.wait(LAST_WORDS, gone)
  }

  function failed(failure: unknown): void {
    const { errMsg } = Object(failure) as PlatformFailure
    // A second one has less to say.
    words = words || String(errMsg || failure)
    if (state === 'over' || (lastWords && lastWords.place >= 0)) return
    lastWords = timers.wait(LAST_WORDS / 2, () => lose({ code: ABNORMAL, reason: words, words }))
  }

  function closed(event: { code?: number; reason?: string } | undefined): void {
    const { code = ABNORMAL, reason = '' } = Object(event) as { code?: number; reason?: string }
    const wasOver = state === 'over'
    over()
    gone()
    if (!wasOver) hearer.lost({ code, reason: reason || words, words: `${words} ${reason}` })
  }

  function opened(event: { header?: Record<string, unknown> } | undefined): void {
    // Closing before the open may have had no effect.
    if (state === 'over') return close()
    if (state === 'open') return
    state = 'open'
    timers.cancel(timer)
    const held = early
    early = []
    hearer.opened((Object(event) as { header?: Record<string, unknown> }).header || {})
    held.forEach(message)
  }

  function message(event: { data: string | ArrayBuffer }): void {
    if (state === 'open') hearer.message(event)
    else if (state === 'connecting') early.push(event)
  }

  /** At once: what is told before somebody listens is lost (network tuning guide). */
  function take(given: unknown): void {
    task = asTask(given)
    if (!task) return never(new Error('connectSocket gave no task'))
    task.onOpen(opened)
    task.onMessage(message)
    task.onError(failed)
    task.onClose(closed)
    if (state === 'over') close()
  }

  /** There is no connection, and there will be none. */
  function never(failure: unknown): void {
    const { errMsg, message, errno } = Object(failure) as PlatformFailure & { message?: string }
    words = words || String(errMsg || message || failure)
    if (state === 'over') return gone()
    over()
    gone()
    hearer.lost({ code: ABNORMAL, reason: words, words, errno })
  }

  return {
    dial(): void {
      try {
        const given =
          platform.connectSocket && platform.connectSocket(Object.assign({ fail: never }, options))
        if (isThenable(given)) given.then(take, never)
        else if (!isGone) take(given)
      } catch (error) {
        never(error)
      }
    },
    send(data: string | ArrayBuffer): void {
      try {
        if (task) quiet(task.send({ data, fail: hearer.unsent }))
      } catch (error) {
        hearer.unsent({ errMsg: String(error) })
      }
    },
    letGo,
  }
}

function ignore(): void {
  // It is told elsewhere, or not at all.
}

/** What `connectSocket` gives, as far as it is used. */
function asTask(given: unknown) {
  const task = Object(given) as {
    onOpen(listener: (event: { header?: Record<string, unknown> }) => void): void
    onMessage(listener: (event: { data: string | ArrayBuffer }) => void): void
    onError(listener: (failure: PlatformFailure) => void): void
    onClose(listener: (event: { code?: number; reason?: string }) => void): void
    send(message: object): unknown
    close(how: object): unknown
  }
  return typeof task.onOpen === 'function' ? task : undefined
}
