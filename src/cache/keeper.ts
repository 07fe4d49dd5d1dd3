import { ask, ignore } from '../app-code'
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

type Stored = CacheRecord['entries'][number]

/** A request on the wire, or whose answer is not judged yet, for all who ask the same. */
export interface Flight {
  readonly info: InfoInside
  /** That of the session when it was sent. */
  readonly epoch: number
  readonly answer: Promise<Response>
  /** What others get who wait for it: as it was before the one who asked could change it. */
  shared?: Response | undefined
}

/** Without headers and cookies. */
const stored = ([key, { at, response }]: [string, Entry]): Stored => [key, { at, data: response.data }]

const taken = ([key, { at, data }]: readonly [unknown, Stored[1]]): [string, Entry] => [
  String(key),
  { at, response: { data, statusCode: 200, header: {} } },
]

export type Keeper = ReturnType<typeof createKeeper>

/** The answers to one client and its clones: those of one user, and what is in the store of them. */
export function createKeeper(core: Core, store: CacheStore | undefined, max: number) {
  const { session } = core
  /** No `Map`: the tables that it leaves behind as it grows keep alive what was deleted. */
  const flights: Record<string, Flight | undefined> = {}
  /** The least recently used first. */
  let entries = new Map<string, Entry>()
  /** The `id` of a session; nothing where nobody is logged in. */
  let user: string | undefined
  /** What is in the store, and was not read yet, is not wanted any more. */
  let isUnwanted = false as boolean
  /** What the store does, one thing after the other: first it is read. */
  let work: Promise<unknown> | undefined
  let isChanged = false

  /** Whether it is known whose answers may be given now; another user's are gone then. */
  function knows(): boolean {
    session.current()
    const { known, held } = session
    // One that has ended may be refreshed, and is the same user's then.
    if (!held && (known.is !== 'none' || known.ended)) return false
    const now = held && held.session.id
    if (now !== user) {
      user = now
      entries.clear()
      // At first it is what is read that tells.
      if (work) changed()
    }
    open()
    return true
  }

  /** As the one that was used last. */
  function put(key: string, entry: Entry): void {
    entries.delete(key)
    entries.set(key, entry)
    if (entries.size > max) entries.delete(entries.keys().next().value as string)
  }

  function open(): void {
    if (!store || work) return
    let done!: () => void
    work = new Promise<void>((resolve) => (done = resolve))
    const read = (record: unknown): void => {
      if (!isUnwanted) take(record)
      done()
    }
    ask<unknown>(() => store.get(), read, read)
  }

  /** All that happens in one turn is written at once. */
  function changed(): void {
    open()
    if (!store || isChanged) return
    isChanged = true
    work = (work as Promise<unknown>)
      .then(() => {
        isChanged = false
        return user && entries.size
          ? store.set({ user, entries: Array.from(entries, stored) })
          : store.remove()
      })
      // What it has would be given at the next launch, though it was cleared.
      .catch(() => store.remove())
      .catch(ignore)
  }

  /** What has come meanwhile is newer. What is another's, or garbage that throws, is written over. */
  function take(record: unknown): void {
    const newer = entries
    entries = new Map()
    try {
      const { user: whose, entries: older } = Object(record) as { user?: unknown; entries: Iterable<Stored> }
      if (whose !== user) changed()
      else if (user) for (const one of older) put(...taken(one))
    } catch {
      changed()
    }
    newer.forEach((entry, key) => put(key, entry))
  }

  /** What is under way is not joined any more, nor kept. */
  function clear(isMeant: (url: string) => boolean): void {
    isUnwanted = true
    changed()
    for (const key of [...Object.keys(flights), ...entries.keys()])
      if (isMeant(key.replace(/\n[^]*/, ''))) {
        delete flights[key]
        entries.delete(key)
      }
  }

  session.ends.add(() => clear(() => true))

  return {
    flights,
    clear,

    get(key: string): Entry | false | undefined {
      const entry = knows() && entries.get(key)
      if (entry) put(key, entry)
      return entry
    },

    /** Not while nobody knows for whom. Nothing: what there was is forgotten, and does not come back out of the store. */
    keep(key: string, response: Response | undefined, at: number): void {
      if (!knows()) return
      if (response) put(key, { at, response })
      else {
        entries.delete(key)
        isUnwanted = true
      }
      changed()
    },

    /** Whether it is the session of whoever asks now. */
    isOf(held: Held | undefined): boolean {
      knows()
      return (held && held.session.id) === user
    },
  }
}
