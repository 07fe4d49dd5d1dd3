import type { Events } from '../events'
import type { Session, SessionStore } from '../options'
import { limit, type Timers } from '../timers'
import {
  isThenable,
  quiet,
  type Platform,
  type PlatformCallbacks,
  type PlatformFailure,
} from '../transport/platform'
import { redact } from '../transport/transport'
import { readSession } from './session-value'

/** A store that does not answer within this counts as failed; the session lives on in memory. */
const STORE_TIMEOUT = 3000

type Operation = 'read' | 'write' | 'remove'
type Result = { ok: true; value: unknown } | { ok: false; error: unknown }

/**
 * The stored session, one operation after the other. A store is slow and may fail in every way (full, corrupt,
 * throwing, silent), so nobody waits for a write, and a failure is an event and never an error.
 */
export interface Store {
  /**
   * Reads, and calls back at once when the store itself answers at once. `news` is true when this token was
   * neither read nor written here before: another copy of the package has logged in.
   */
  read(done: (session: Session | undefined, news: boolean) => void): void
  write(session: Session): void
  /** Removes what is stored; given a token, only if it is that token's session. */
  remove(token?: string): void
}

export function createStore(target: SessionStore, timers: Timers, events: Events): Store {
  /** The token this copy knows to be in the store. A write that failed leaves the old one there. */
  let seen: string | undefined
  /** A removal has failed: what is there is what should be gone. */
  let isStale = false
  /** What no message may show. */
  let secret: string | undefined
  let busy = false
  const queue: (() => void)[] = []

  function run(operation: Operation, act: () => unknown, done: (result: Result) => void): void {
    if (busy) {
      queue.push(() => run(operation, act, done))
      return
    }
    busy = true
    const end = (result: Result): void => {
      if (!result.ok) report(operation, result.error)
      // What `done` asks for comes after what was asked before it.
      done(result)
      busy = false
      const next = queue.shift()
      if (next) next()
    }
    const fail = (error: unknown): void => end({ ok: false, error })
    let value: unknown
    try {
      value = act()
    } catch (error) {
      return fail(error)
    }
    if (!isThenable(value)) return end({ ok: true, value })
    const promise = value
    const late = (): Error => new Error(`no answer within ${STORE_TIMEOUT} ms`)
    limit(timers, STORE_TIMEOUT, () => promise, late).then((late) => end({ ok: true, value: late }), fail)
  }

  function report(operation: Operation, error: unknown): void {
    const { message, errMsg } = Object(error) as { message?: string; errMsg?: string }
    // Parsers quote what they choke on, and that is where the token is.
    const words = String(message || errMsg || error).replace(/["'`][^]*["'`]/, '"…"')
    events.emit({ type: 'storage-error', operation, message: redact(words, secret) })
  }

  return {
    read(done) {
      const look = (result: Result): void => {
        // Nothing was learnt: what is known of the store stays.
        if (!result.ok) return done(undefined, false)
        const { value } = result
        const session = readSession(value)
        if (!session && value !== undefined && value !== null && value !== '') {
          report('read', { message: 'what is stored is not a session; it counts as nothing' })
        }
        const news = session !== undefined && session.token !== seen && !isStale
        seen = secret = session && session.token
        isStale = false
        done(session, news)
      }
      run('read', () => target.get(), look)
    },
    write(session) {
      secret = session.token
      run(
        'write',
        () => target.set(session),
        (result) => {
          if (result.ok) seen = session.token
        },
      )
    },
    remove(token) {
      // One operation, so that nothing can be written between the look and the removal.
      const erase = (): unknown => {
        if (token === undefined) return target.remove()
        return after(target.get(), (stored) =>
          isOf(token, readSession(stored)) ? target.remove() : undefined,
        )
      }
      run('remove', erase, (result) => {
        if (result.ok) seen = undefined
        else isStale = true
      })
    },
  }
}

function isOf(token: string, session: Session | undefined): boolean {
  return session !== undefined && session.token === token
}

function after(value: unknown, next: (value: unknown) => unknown): unknown {
  return isThenable(value) ? value.then(next) : next(value)
}

/** WeChat's storage. Encrypted values exist in its asynchronous API only (wx.setStorage page). */
export function platformStore(platform: () => Platform, key: string, encrypt: boolean): SessionStore {
  /** The platform, if it has this API: a missing one must count as failed at once, not after a time-out. */
  function having(api: keyof Platform): Required<Platform> {
    const found = platform()
    if (typeof found[api] !== 'function') throw new Error(`this platform has no ${api}`)
    return found as Required<Platform>
  }
  if (!encrypt) {
    return {
      get: () => having('getStorageSync').getStorageSync(key),
      set: (session) => having('setStorageSync').setStorageSync(key, session),
      remove: () => having('removeStorageSync').removeStorageSync(key),
    }
  }
  const ask = <R>(start: (callbacks: PlatformCallbacks<R>) => unknown): Promise<R> =>
    new Promise((success, fail) => quiet(start({ success, fail })))
  return {
    get: () =>
      ask<{ data?: unknown }>((on) => having('getStorage').getStorage({ key, encrypt, ...on })).then(
        ({ data }) => data,
        (reason: unknown) => {
          const failure = reason as PlatformFailure
          // Documented for no version: the words with which a missing key fails.
          if (!/not found/.test(String(failure.errMsg))) throw reason
        },
      ),
    set: (data) => ask((on) => having('setStorage').setStorage({ key, data, encrypt, ...on })),
    remove: () => ask((on) => having('removeStorage').removeStorage({ key, ...on })),
  }
}
