import { ask, ignore, isThenable, within } from '../app-code'
import type { Events } from '../events'
import type { SessionStore } from '../options/session'
import type { Timers } from '../timers'
import { maskWords } from '../transport/mask'
import { ENDED, readRecord, type SessionRecord, type Stored } from './record'

/** A store that does not answer within this counts as failed; the session lives on in memory. */
const STORE_TIMEOUT = 3000

/** Tokens that this copy remembers to have seen there. */
const MOST_SEEN = 20

type Operation = 'read' | 'write' | 'remove'

/**
 * The stored session, one operation after the other. A store is slow and may fail in every way (full, corrupt,
 * throwing, silent), so nobody waits for a write, and a failure is an event and never an error.
 */
export interface Store {
  /**
   * Reads, and calls back at once when the store itself answers at once. `isNews` is true when this token was
   * neither taken up, written nor removed here before: another copy of the package has logged in.
   */
  read(done: (stored: Stored | undefined, isNews: boolean) => void): void
  /** What was read is this copy's own now, and no news any more. */
  took(token: string): void
  write(record: SessionRecord): void
  /** Keeps what goes with the token for a refresh, and ends its time, if it is still that token's session. */
  end(record: SessionRecord): void
  /** Removes what is stored; given a token, only if it is that token's session. */
  remove(token?: string): void
}

/** What has been asked of the store. */
interface Task {
  readonly operation: Operation
  readonly act: () => unknown
  readonly done: (isOk: boolean, value: unknown) => void
}

export function createStore(target: SessionStore, timers: Timers, events: Events): Store {
  /** The tokens this copy has taken up, written or removed: a store that is slow or failing may show them again. */
  let seen: string[] = []
  /** A removal failed before anything was read: whatever the store shows first is what was to go. */
  let isFirstGone = false
  /** No message may show it. */
  let lastToken: string | undefined
  const queue: Task[] = []
  let isBusy = false
  /** The last change that was asked for. */
  let newest: Task | undefined
  /** A store that goes on failing at one operation is told of once. */
  let told: Operation | undefined

  function see(token: string): void {
    if (seen.indexOf(token) < 0) seen = seen.slice(1 - MOST_SEEN).concat(token)
  }

  function run(task: Task): void {
    queue.push(task)
    if (!isBusy) next()
  }

  function next(): void {
    const task = queue.shift()
    if (!task) return
    isBusy = true
    const end = (isOk: boolean, value: unknown): void => {
      if (isOk) {
        if (told === task.operation) told = undefined
      } else report(task.operation, value)
      // What `done` asks for comes after what was asked before it.
      task.done(isOk, value)
      isBusy = false
      next()
    }
    let answer: unknown
    const late = (): Error => {
      // Done too late it may undo a newer change, which is then done once more. What fails in the end has changed nothing.
      Promise.resolve(answer).then(() => {
        if (task.operation !== 'read' && newest && newest !== task) run(newest)
      }, ignore)
      return new Error(`no answer within ${STORE_TIMEOUT} ms`)
    }
    within(
      timers,
      STORE_TIMEOUT,
      (done, failed) => ask(() => (answer = task.act()), done, failed),
      (value) => end(true, value),
      (error) => end(false, error),
      late,
    )
  }

  function change(operation: Operation, act: () => unknown, done: Task['done'] = ignore): void {
    newest = { operation, act, done }
    run(newest)
  }

  /** One operation, so that nothing can be written between the look and the change. */
  function changeIfStill(token: string, operation: Operation, act: () => unknown): void {
    const ifStill = (value: unknown): unknown => {
      const stored = readRecord(value)
      return stored && stored.session.token === token ? act() : undefined
    }
    change(operation, () => {
      const value = target.get()
      return isThenable(value) ? value.then(ifStill) : ifStill(value)
    })
  }

  function report(operation: Operation, error: unknown): void {
    if (told === operation && operation === 'remove') return
    told = operation
    const { message, errMsg = error } = Object(error) as { message?: string; errMsg?: unknown }
    // Parsers quote what they choke on, and that is where the token is.
    const words = String(message || errMsg).replace(/["'`][^]*["'`]/, '"…"')
    events.emit({ type: 'storage-error', operation, message: maskWords(words, lastToken) })
  }

  return {
    read(done) {
      const heard = (isOk: boolean, value: unknown): void => {
        // Nothing was learnt.
        if (!isOk) return done(undefined, false)
        const stored = readRecord(value)
        if (!stored) {
          if (value !== undefined && value !== null && value !== '')
            report('read', 'what is stored is not a session; it counts as nothing')
          return done(undefined, false)
        }
        const { token } = stored.session
        if (isFirstGone) see(token)
        isFirstGone = false
        lastToken = token
        done(stored, seen.indexOf(token) < 0)
      }
      run({ operation: 'read', act: () => target.get(), done: heard })
    },
    took: see,
    write(record) {
      lastToken = record.token
      isFirstGone = false
      see(record.token)
      change('write', () => target.set(record))
    },
    end(record) {
      const { token } = record
      changeIfStill(token, 'write', () => target.set(Object.assign({}, record, { expiresAt: ENDED })))
    },
    remove(token) {
      if (token) {
        changeIfStill(token, 'remove', () => target.remove())
        return
      }
      change(
        'remove',
        () => {
          if (lastToken) see(lastToken)
          return target.remove()
        },
        (isOk) => {
          if (!isOk && !seen.length) isFirstGone = true
        },
      )
    },
  }
}
