import { ask, promised, quiet } from '../app-code'
import type { Core } from '../call/core'
import type { Response } from '../index'
import type { CacheRecord, CacheStore } from './options'

/** An answer that is kept. */
export interface Entry {
  /** Epoch ms. */
  readonly at: number
  readonly response: Response
}

/** Nobody can say yet whose session it is. */
export const UNKNOWN = Symbol('unknown')
/** `undefined`: nobody is logged in. */
type User = string | undefined | typeof UNKNOWN
type Matches = (key: string) => boolean

/** The answers of one user, and what is in the store of them. */
export class Keeper {
  private user: User
  private entries = new Map<string, Entry>()
  private is: 'unread' | 'reading' | 'read' = 'unread'
  /** What was found in the store, until it is known whether it is this user's. */
  private found: CacheRecord | undefined
  /** What was cleared before it was known what there is. */
  private cleared: Matches[] = []
  private isWriting = false
  private isChanged = false

  constructor(
    private readonly core: Core,
    private readonly store: CacheStore | undefined,
    private readonly max: number,
  ) {
    core.session.ends.add(() => this.empty(undefined))
  }

  /** Whose answers may be given now. Another user's are gone. */
  whose(): User {
    const { session } = this.core
    session.current()
    const { known } = session
    const user =
      known.is === 'known' ? known.held.session.id : known.is === 'none' && !known.ended ? undefined : UNKNOWN
    // One that has ended may be refreshed, and is the same user's then.
    if (user === UNKNOWN) return user
    if (user !== this.user) this.empty(user)
    this.read()
    if (this.found) this.moveIn(this.found)
    return user
  }

  /** The most recently used goes to the end. */
  get(key: string): Entry | undefined {
    const entry = this.entries.get(key)
    if (entry) this.put(key, entry)
    return entry
  }

  keep(key: string, entry: Entry): void {
    this.put(key, entry)
    this.trim()
    this.changed()
  }

  clear(isMeant: Matches): void {
    this.whose()
    this.entries.forEach((_, key) => {
      if (isMeant(key)) this.entries.delete(key)
    })
    if (this.is !== 'read' || this.found) this.cleared.push(isMeant)
    this.changed()
  }

  private put(key: string, entry: Entry): void {
    this.entries.delete(key)
    this.entries.set(key, entry)
  }

  private trim(): void {
    const keys = this.entries.keys()
    while (this.entries.size > this.max) this.entries.delete(keys.next().value as string)
  }

  private empty(user: User): void {
    const isNews = this.entries.size > 0 || user === undefined
    this.user = user
    this.entries.clear()
    if (isNews) this.changed()
  }

  private read(): void {
    const { store } = this
    if (!store || this.is !== 'unread') return
    const done = (record: unknown): void => {
      this.is = 'read'
      this.found = readRecord(record)
      this.whose()
      if (this.isChanged) this.changed()
    }
    this.is = 'reading'
    ask<unknown>(() => store.get(), done, done)
  }

  /** What has come meanwhile is newer. */
  private moveIn({ user, entries }: CacheRecord): void {
    const { entries: newer, cleared } = this
    this.found = undefined
    this.cleared = []
    if (user === this.user) {
      this.entries = new Map()
      for (const [key, { at, data }] of entries)
        if (!cleared.some((isMeant) => isMeant(key)))
          this.put(key, { at, response: { data, statusCode: 200, header: {} } })
      newer.forEach((entry, key) => this.put(key, entry))
      this.trim()
    }
    if (this.isChanged) this.changed()
  }

  private changed(): void {
    const { store } = this
    if (!store) return
    this.isChanged = true
    // Not before it is known what is there: it would be lost.
    if (this.is !== 'read' || this.found || this.isWriting) return
    this.isWriting = true
    const over = (): void => {
      this.isWriting = false
      if (this.isChanged) this.changed()
    }
    // All that happens in one turn is written at once.
    quiet(Promise.resolve().then(() => promised(() => this.write(store)).then(over, over)))
  }

  private write(store: CacheStore): unknown {
    const { user } = this
    this.isChanged = false
    if (typeof user !== 'string' || !this.entries.size) return store.remove()
    const entries = Array.from(
      this.entries,
      ([key, { at, response }]) => [key, { at, data: response.data }] as const,
    )
    return store.set({ user, entries })
  }
}

/** What was stored, or nothing for garbage. */
function readRecord(value: unknown): CacheRecord | undefined {
  try {
    const { user, entries } = Object(value) as CacheRecord
    const isSound = entries.every(([key, { at }]) => typeof key === 'string' && typeof at === 'number')
    return typeof user === 'string' && isSound ? { user, entries } : undefined
  } catch {
    return undefined
  }
}
