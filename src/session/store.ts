import type { Events } from '../events'
import type { Session, SessionStore } from '../options/session'
import { limit, type Timers } from '../timers'
import {
  isThenable,
  quiet,
  redact,
  type Platform,
  type PlatformCallbacks,
  type PlatformFailure,
} from '../platforms/wechat'
import { readSession } from './record'

/** A store that does not answer within this counts as failed; the session lives on in memory. */
const STORE_TIMEOUT = 3000

type Operation = 'read' | 'write' | 'remove'

/**
 * The stored session, one operation after the other. A store is slow and may fail in every way (full, corrupt,
 * throwing, silent), so nobody waits for a write, and a failure is an event and never an error.
 */
export interface Store {
  /**
   * Reads, and calls back at once when the store itself answers at once. `news` is true when this token was
   * neither taken up nor written here before: another copy of the package has logged in.
   */
  read(done: (session: Session | undefined, news: boolean) => void): void
  /** What was read is this copy's own now, and no news any more. */
  took(session: Session): void
  write(session: Session): void
  /** Removes what is stored; given a token, only if it is that token's session. */
  remove(token?: string): void
}

export function createStore(target: SessionStore, timers: Timers, events: Events): Store {
  /** The token of this copy: taken up from the store, or written there. */
  let own: string | undefined
  /**
   * The token that was removed last: a store that is slow or failed at it still shows it, and that is no news.
   * `true` when it is not known yet: whatever the store shows first.
   */
  let gone: string | true | undefined
  /** The token that was read or written last. No message may show it. */
  let last: string | undefined
  let busy = false
  const queue: (() => void)[] = []
  /** The last change that was asked for. */
  let newest: (() => void) | undefined

  /** `overdue` hears of it when the store comes round to it after all, its time long over. */
  function run(
    operation: Operation,
    act: () => unknown,
    done: (isOk: boolean, value: unknown) => void,
    overdue?: () => void,
  ): void {
    if (busy) {
      queue.push(() => run(operation, act, done, overdue))
      return
    }
    busy = true
    const end = (isOk: boolean, value: unknown): void => {
      if (!isOk) report(operation, value)
      // What `done` asks for comes after what was asked before it.
      done(isOk, value)
      busy = false
      const next = queue.shift()
      if (next) next()
    }
    let value: unknown
    try {
      value = act()
    } catch (error) {
      return end(false, error)
    }
    if (!isThenable(value)) return end(true, value)
    const answer = value
    const late = (): Error => {
      // What fails in the end has changed nothing.
      answer.then(overdue, () => undefined)
      return new Error(`no answer within ${STORE_TIMEOUT} ms`)
    }
    limit(timers, STORE_TIMEOUT, () => answer, late).then(
      (late) => end(true, late),
      (error: unknown) => end(false, error),
    )
  }

  /** A write or a removal. Done too late it may undo a newer one, which is then done once more. */
  function change(operation: Operation, act: () => unknown, done: (isOk: boolean) => void): void {
    const mine = (): void => run(operation, act, done, () => newest !== mine && newest && newest())
    newest = mine
    mine()
  }

  function report(operation: Operation, error: unknown): void {
    const { message, errMsg = error } = Object(error) as { message?: string; errMsg?: unknown }
    // Parsers quote what they choke on, and that is where the token is.
    const words = String(message || errMsg).replace(/["'`][^]*["'`]/, '"…"')
    events.emit({ type: 'storage-error', operation, message: redact(words, last) })
  }

  return {
    read(done) {
      run(
        'read',
        () => target.get(),
        (isOk, value) => {
          // Nothing was learnt: what is known of the store stays.
          if (!isOk) return done(undefined, false)
          const session = readSession(value)
          if (!session && value !== undefined && value !== null && value !== '') {
            report('read', 'what is stored is not a session; it counts as nothing')
          }
          const token = session ? session.token : ''
          if (gone === true) gone = token
          const news = token !== own && token !== gone
          last = token
          done(session, news)
        },
      )
    },
    took({ token }) {
      own = token
    },
    write(session) {
      const { token } = session
      last = token
      change(
        'write',
        () => target.set(session),
        (isOk) => {
          if (isOk) own = token
        },
      )
    },
    remove(token) {
      // One operation, so that nothing can be written between the look and the removal.
      const erase = (stored?: unknown): unknown => {
        const session = readSession(stored)
        return !token || (session && session.token === token) ? target.remove() : undefined
      }
      const look = (): unknown => {
        gone = token || last
        if (!token) return erase()
        const stored = target.get()
        return isThenable(stored) ? stored.then(erase) : erase(stored)
      }
      change('remove', look, (isOk) => {
        if (!isOk && gone === undefined) gone = true
      })
    },
  }
}

/** WeChat's storage. Encrypted values exist in its asynchronous API only (wx.setStorage page). */
export function platformStore(
  platform: () => Platform,
  { key = 'miniprogram-session', encrypt = false }: { key?: string; encrypt?: boolean },
): SessionStore {
  // What is missing throws, and so is told like any other failure.
  const wx = platform as () => Required<Platform>
  if (!encrypt) {
    return {
      get: () => wx().getStorageSync(key),
      set: (session) => wx().setStorageSync(key, session),
      remove: () => wx().removeStorageSync(key),
    }
  }
  const ask = <R>(start: (callbacks: PlatformCallbacks<R>) => unknown): Promise<R> =>
    new Promise((success, fail) => quiet(start({ success, fail })))
  return {
    get: () =>
      ask<{ data?: unknown }>((on) => wx().getStorage({ key, encrypt, ...on })).then(
        ({ data }) => data,
        (reason: unknown) => {
          // Documented for no version: the words with which a missing key fails.
          if (!/not found/.test(String((reason as PlatformFailure).errMsg))) throw reason
        },
      ),
    set: (data) => ask((on) => wx().setStorage({ key, data, encrypt, ...on })),
    remove: () => ask((on) => wx().removeStorage({ key, ...on })),
  }
}
