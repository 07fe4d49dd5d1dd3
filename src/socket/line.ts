import { ignore, isThenable, quiet } from '../app-code'
import { ConfigError } from '../errors'
import type { Platform, PlatformFailure, PlatformSocket } from '../platforms/wechat'
import type { Timer, Timers } from '../timers'
import { maskWords } from '../transport/mask'
import type { Phone } from '../transport/phone'
import { createHeartbeat } from './heartbeat'
import type { Beat } from './options'

export const ABNORMAL = 1006

export interface Lost {
  readonly code: number
  readonly reason: string
  /** All that WeChat has said; nothing where it has said nothing. */
  readonly words: string
  readonly errno?: number | undefined
}

/** What WeChat gives, or whatever was thrown: it need not be what its pages say. */
interface Told {
  code?: number
  reason?: unknown
  errMsg?: unknown
  message?: unknown
  errno?: number
}

/** Who uses a line. At most one `opened`, then at most one `lost`; nothing but `gone` once it was let go. */
export interface Hearer {
  opened(header: Record<string, unknown>): void
  message(event: { data: string | ArrayBuffer }): void
  lost(lost: Lost): void
  /** A message could not be sent. */
  unsent(failure: PlatformFailure): void
  /** WeChat has no part in it any more, or says nothing of it. Always comes, and once. */
  gone(): void
}

export interface Line {
  /** Begins. It may be open, or lost, when this returns. */
  dial(): void
  send(data: string | ArrayBuffer): void
  letGo(code: number, reason: string): void
}

/** WeChat's own limit (wx.connectSocket page). */
const MOST = 5
/** For an `onClose` after `close()`, which need not come (reported of iOS 8.0.48); half of it for one behind an `onError` (uni). */
const LAST_WORDS = 1000

/** One connection, of which WeChat allows five at once: over all clients of this copy. */
export function createLine(
  phone: Phone,
  platform: Platform,
  timers: Timers,
  options: PlatformSocket & { timeout?: number },
  heartbeat: Beat | undefined,
  hearer: Hearer,
): Line {
  if (phone.sockets >= MOST)
    throw new ConfigError(
      `cannot be opened: WeChat allows ${MOST} sockets at once. Close one, or share one between pages.`,
    )
  phone.sockets++
  let state: 'connecting' | 'open' | 'closing' | 'gone' = 'connecting'
  let task: ReturnType<typeof asTask> | undefined
  /** Of the first failure: a second one has less to say. */
  let words = ''
  /** What came before the open has been told. */
  let early: { data: string | ArrayBuffer }[] = []
  let farewell: object = {}
  /** For the open, for an `onClose` behind an `onError`, or behind `close()`. */
  let timer: Timer | undefined
  const heart = heartbeat && createHeartbeat(timers, heartbeat, send, lose)

  const isOver = (): boolean => state === 'closing' || state === 'gone'

  function over(next: 'closing' | 'gone'): void {
    state = next
    timers.cancel(timer)
    if (heart) heart.stop()
  }

  function close(): void {
    try {
      if (task) quiet(task.close(farewell))
    } catch {
      // Some throw before the open: then it is closed when it opens.
    }
  }

  function letGo(code: number, reason: string): void {
    if (isOver()) return
    over('closing')
    farewell = { code, reason, fail: ignore }
    timer = timers.wait(LAST_WORDS, ended)
    close()
  }

  /** Ends it from this side. */
  function lose(reason: string): void {
    letGo(1000, '')
    hearer.lost({ code: ABNORMAL, reason, words })
  }

  /** There is no connection any more, or there will be none: an `onClose`, a `fail`, or whatever was thrown. */
  function ended(told?: unknown): void {
    if (state === 'gone') return
    const wasOver = isOver()
    const { code = ABNORMAL, reason = '', errMsg, message = '', errno } = Object(told) as Told
    const why = String(reason)
    words = words || wordsOf(errMsg || message)
    over('gone')
    phone.sockets--
    hearer.gone()
    if (!wasOver) hearer.lost({ code, reason: why || words, words: `${words} ${why}`, errno })
  }

  function failed(failure: unknown): void {
    if (isOver() || words) return
    const { errMsg = 'fail' } = Object(failure) as Told
    words = wordsOf(errMsg)
    timers.cancel(timer)
    timer = timers.wait(LAST_WORDS / 2, () => lose(words))
  }

  function opened(event: unknown): void {
    // Closing before the open may have had no effect.
    if (isOver()) return close()
    if (state === 'open') return
    timers.cancel(timer)
    words = ''
    if (heart) heart.start()
    const { header = {} } = Object(event) as { header?: Record<string, unknown> }
    hearer.opened(header)
    if (isOver()) return
    state = 'open'
    early.forEach(heard)
    early = []
  }

  function heard(event: { data: string | ArrayBuffer }): void {
    if (state === 'connecting') early.push(event)
    else if (state === 'open') {
      if (heart) heart.heard()
      hearer.message(Object(event) as typeof event)
    }
  }

  function send(data: string | ArrayBuffer): void {
    const fail = (failure: PlatformFailure): void => {
      if (!isOver()) hearer.unsent(failure)
    }
    try {
      if (task) quiet(task.send({ data, fail }))
    } catch (error) {
      fail({ errMsg: String(error) })
    }
  }

  /** At once: what is told before somebody listens is lost (network tuning guide). */
  function take(given: unknown): void {
    task = asTask(given)
    if (!task.onOpen) return ended({ errMsg: 'connectSocket gave no task' })
    task.onOpen(opened)
    task.onMessage(heard)
    task.onError(failed)
    task.onClose(ended)
    if (isOver()) close()
  }

  /** What was given is no whole task. */
  function broken(error: unknown): void {
    close()
    ended(error)
  }

  return {
    dial(): void {
      const { timeout = 0 } = options
      timer = timers.deadline(timeout, () => lose(`connectionTimeout of ${timeout} ms`))
      try {
        const given = (platform as Required<Platform>).connectSocket(Object.assign({ fail: ended }, options))
        if (isThenable(given)) given.then(take).then(undefined, broken)
        else if (state !== 'gone') take(given)
      } catch (error) {
        broken(error)
      }
    },
    send,
    letGo,
  }
}

/** Of WeChat, which quotes the URL in some: a query may carry a ticket. */
function wordsOf(said: unknown): string {
  return maskWords(String(said), undefined)
}

/** What `connectSocket` gives, as far as it is used. */
function asTask(given: unknown) {
  return Object(given) as {
    onOpen?(listener: (event: unknown) => void): void
    onMessage(listener: (event: { data: string | ArrayBuffer }) => void): void
    onError(listener: (failure: unknown) => void): void
    onClose(listener: (event: unknown) => void): void
    send(message: object): unknown
    close(how: object): unknown
  }
}
