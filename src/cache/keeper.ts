import { ask } from '../app-code'
import type { Core } from '../call/core'
import type { InfoInside } from '../call/middleware'
import type { Response } from '../index'
import type { Held } from '../session/state'
import type { CacheRecord, CacheStore } from './options'

/** An answer that is kept. */
export interface Entry {
  /** Epoch ms. */
  readonly at: number
  readonly response: Response
}

type Stored = CacheRecord['entries'][number][1]

/** A request on the wire, for all who ask the same. */
export interface Flight {
  /** That of the session when it was sent; `NaN` once it was cleared. */
  epoch: number
  readonly info: InfoInside
  /** What others get who wait for it: as it was before the one who asked could change it. */
  shared?: Response
  readonly answer: Promise<Response>
}

export type Keeper = ReturnType<typeof createKeeper>

/** The answers to one client and its clones: those of one user, and what is in the store of them. */
export function createKeeper(core: Core, store: CacheStore | undefined, max: number) {
  const { session } = core
  /** No `Map`: what one has let go stays in memory for long where thousands come and go. */
  const flights: Record<string, Flight | undefined> = {}
  /** The least recently used first. */
  let entries = new Map<string, Entry>()
  /** The `id` of a session; nothing where nobody is logged in. */
  let user: string | undefined
  /** What was in the store is known, or not wanted any more: before that it must not be written over. */
  let isRead = false as boolean
  /** The store is at work. */
  let isBusy = false
  let isChanged = false

  /** Whether it is known whose answers may be given now; another user's are gone then. */
  function knows(): boolean {
    session.current()
    const { known, held } = session
    // One that has ended may be refreshed, and is the same user's then.
    if (!held && (known.is !== 'none' || known.ended)) return false
    const now = held && held.session.id
    if (now !== user) become(now)
    if (!isRead) sync()
    return true
  }

  function become(next: string | undefined): void {
    user = next
    entries.clear()
    changed()
  }

  /** As the one that was used last. */
  function put(key: string, entry: Entry): void {
    entries.delete(key)
    entries.set(key, entry)
    if (entries.size > max) entries.delete(entries.keys().next().value as string)
  }

  function changed(): void {
    isChanged = true
    sync()
  }

  /** Reads the store, and then writes what has changed: one thing at a time. */
  function sync(): void {
    if (!store || isBusy || (isRead && !isChanged)) return
    isBusy = true
    const read = (record: unknown): void => {
      if (!isRead) take(Object(record) as Record<string, unknown>)
      over()
    }
    if (!isRead) ask<unknown>(() => store.get(), read, read)
    // All that happens in one turn is written at once.
    else
      Promise.resolve()
        .then(() => write(store))
        // What it has would be given at the next launch, though it was cleared.
        .catch(() => store.remove())
        .then(over, over)
  }

  function over(): void {
    isBusy = false
    sync()
  }

  /** What has come meanwhile is newer. What is another's, or garbage, is written over. */
  function take({ user: whose, entries: older }: Record<string, unknown>): void {
    const newer = entries
    isRead = true
    isChanged = whose !== user || newer.size > 0
    if (whose !== user) return
    entries = new Map()
    try {
      for (const [key, { at, data }] of older as Iterable<readonly [unknown, Stored]>)
        put(String(key), { at, response: { data, statusCode: 200, header: {} } })
    } catch {
      // There is none, then.
    }
    newer.forEach((entry, key) => put(key, entry))
  }

  function write(to: CacheStore): unknown {
    isChanged = false
    if (!user || !entries.size) return to.remove()
    return to.set({
      user,
      entries: Array.from(entries, ([key, { at, response }]) => [key, { at, data: response.data }] as const),
    })
  }

  session.ends.add(() => become(undefined))

  return {
    flights,

    get(key: string): Entry | undefined {
      const entry = knows() ? entries.get(key) : undefined
      if (entry) put(key, entry)
      return entry
    },

    /** Not while nobody knows for whom. Without an entry: what there was is forgotten. */
    keep(key: string, entry: Entry | undefined): void {
      if (!knows()) return
      if (entry) put(key, entry)
      else entries.delete(key)
      changed()
    },

    /** Whether it is the session of whoever asks now. */
    isOf(held: Held | undefined): boolean {
      knows()
      return (held && held.session.id) === user
    },

    clear(isMeant: (key: string) => boolean): void {
      for (const key of Object.keys(flights).concat(Array.from(entries.keys())).filter(isMeant)) {
        entries.delete(key)
        if (flights[key]) flights[key].epoch = NaN
      }
      isRead = true
      changed()
    },
  }
}
