import type {
  Block,
  Opened,
  Opening,
  SessionStore,
  StoredAccount,
  StoredSession,
  StoreFactory,
  Which,
} from './store.ts'

interface Recent {
  hash: string
  sealed: string
  until: number
}

const SWEEP = 60_000

/** No set-up, one process, gone with it. For development, tests, and what has one process and short lives. */
export function memoryStore(): StoreFactory {
  const stores = new Map<string, MemoryStore>()
  return {
    kind: 'memory',
    isLocal: true,
    create(namespace) {
      const store = stores.get(namespace) ?? new MemoryStore()
      stores.set(namespace, store)
      return store
    },
  }
}

class MemoryStore implements SessionStore {
  private readonly sessions = new Map<string, StoredSession>()
  private readonly hashesOf = new Map<string, Set<string>>()
  private readonly accounts = new Map<string, StoredAccount & { recent?: Recent }>()
  private readonly blocks = new Map<string, Block>()
  private readonly values = new Map<string, { value: string; until: number }>()
  private readonly sweeper = setInterval(() => this.sweep(this.latest), SWEEP).unref()
  /** the clock is the caller's, and may be a test's: what it last said */
  private latest = 0

  // Not async inside: each operation is one step, so nothing can come between.
  open(opening: Opening): Promise<Opened> {
    const { hash, session, sealed, openid, sessionKey, now, shareUntil, limit, single } = opening
    this.latest = now
    const { user } = session
    const block = this.blocks.get(user)
    if (block && (block.until ?? Infinity) > now) return Promise.resolve({ blocked: block })

    const key = accountKey(user, session.account)
    const known = this.accounts.get(key)
    const account = { ...known, openid, ...(sessionKey === undefined ? {} : { sessionKey }) }
    this.accounts.set(key, account)
    const shared = known?.recent && known.recent.until > now ? known.recent : undefined
    const other = shared && this.sessions.get(shared.hash)
    if (shared && other && !other.ended && isAlive(other, now)) {
      return Promise.resolve({ won: false, sealed: shared.sealed, absoluteEnds: other.absoluteEnds })
    }
    this.makeRoom(user, single ? 0 : limit - 1, single, now)
    // After makeRoom(), which forgets what was recent.
    account.recent = { hash, sealed, until: shareUntil }
    this.sessions.set(hash, session)
    this.indexOf(user).add(hash)
    return Promise.resolve({ won: true, sealed, absoluteEnds: session.absoluteEnds })
  }

  find(hash: string): Promise<StoredSession | undefined> {
    return Promise.resolve(this.sessions.get(hash))
  }

  touch(hash: string, seenAt: number, next: { seenAt: number; idleEnds: number }): Promise<void> {
    const session = this.sessions.get(hash)
    // A new object: whoever has read the one before goes on with what it was.
    if (session?.seenAt === seenAt && !session.ended) this.sessions.set(hash, { ...session, ...next })
    this.latest = Math.max(this.latest, next.seenAt)
    return Promise.resolve()
  }

  rotate(hash: string, next: { hash: string; sealed: string; session: StoredSession }) {
    const session = this.sessions.get(hash)
    if (!session || session.ended) return Promise.resolve(undefined)
    if (session.next) return Promise.resolve(session.next)
    const made = { sealed: next.sealed, absoluteEnds: next.session.absoluteEnds }
    this.sessions.set(hash, { ...session, next: made })
    this.sessions.set(next.hash, next.session)
    this.indexOf(session.user).add(next.hash)
    return Promise.resolve(made)
  }

  retire(hash: string, follows: string, ends: number): Promise<void> {
    const session = this.sessions.get(hash)
    const old = this.sessions.get(follows)
    if (session) {
      const used = { ...session }
      delete used.follows
      this.sessions.set(hash, used)
    }
    if (old) this.sessions.set(follows, { ...old, absoluteEnds: Math.min(old.absoluteEnds, ends) })
    return Promise.resolve()
  }

  end({ user, id, except }: Which, as: 'gone' | 'replaced' | 'revoked', now: number): Promise<number> {
    const ended = new Set<string>()
    for (const [hash, session] of this.of(user)) {
      if ((id !== undefined && session.id !== id) || session.id === except) continue
      if (as !== 'gone' && session.ended) continue
      if (!session.ended && isAlive(session, now)) ended.add(session.id)
      this.finish(hash, session, as)
    }
    return Promise.resolve(ended.size)
  }

  list(user: string): Promise<{ hash: string; session: StoredSession }[]> {
    return Promise.resolve([...this.of(user)].map(([hash, session]) => ({ hash, session })))
  }

  account(user: string, account: string): Promise<StoredAccount | undefined> {
    const found = this.accounts.get(accountKey(user, account))
    if (!found) return Promise.resolve(undefined)
    const { openid, sessionKey } = found
    return Promise.resolve({ openid, ...(sessionKey === undefined ? {} : { sessionKey }) })
  }

  keepKey(user: string, account: string, sessionKey: string): Promise<void> {
    const found = this.accounts.get(accountKey(user, account))
    if (found) found.sessionKey = sessionKey
    return Promise.resolve()
  }

  block(user: string, block: Block | null): Promise<void> {
    if (block) this.blocks.set(user, block)
    else this.blocks.delete(user)
    return Promise.resolve()
  }

  readonly shared = {
    get: (key: string, now: number): Promise<string | undefined> => {
      const found = this.values.get(key)
      return Promise.resolve(found && found.until > now ? found.value : undefined)
    },
    put: (key: string, value: string, until: number): Promise<void> => {
      this.values.set(key, { value, until })
      return Promise.resolve()
    },
    lease: (key: string, until: number, now: number): Promise<boolean> => {
      const found = this.values.get(`lease ${key}`)
      if (found && found.until > now) return Promise.resolve(false)
      this.values.set(`lease ${key}`, { value: '', until })
      return Promise.resolve(true)
    },
  }

  ping(): Promise<void> {
    return Promise.resolve()
  }

  close(): Promise<void> {
    clearInterval(this.sweeper)
    return Promise.resolve()
  }

  /** Ends the oldest of a user's living sessions until so many are left. */
  private makeRoom(user: string, left: number, single: boolean, now: number): void {
    const living = new Map<string, [string, StoredSession][]>()
    for (const entry of this.of(user)) {
      const [, session] = entry
      if (session.ended || !isAlive(session, now)) continue
      living.set(session.id, [...(living.get(session.id) ?? []), entry])
    }
    const oldestFirst = [...living.values()].sort((a, b) => createdAt(a) - createdAt(b))
    for (const tokens of oldestFirst.slice(0, Math.max(0, oldestFirst.length - left))) {
      for (const [hash, session] of tokens) this.finish(hash, session, single ? 'replaced' : 'gone')
    }
  }

  private finish(hash: string, session: StoredSession, as: 'gone' | 'replaced' | 'revoked'): void {
    // What was just handed out must not be handed out again.
    const account = this.accounts.get(accountKey(session.user, session.account))
    if (account) delete account.recent
    if (as === 'gone') {
      this.sessions.delete(hash)
      this.indexOf(session.user).delete(hash)
    } else {
      this.sessions.set(hash, { ...session, ended: as })
    }
  }

  private *of(user: string): Generator<[string, StoredSession]> {
    for (const hash of [...(this.hashesOf.get(user) ?? [])]) {
      const session = this.sessions.get(hash)
      if (session) yield [hash, session]
    }
  }

  private indexOf(user: string): Set<string> {
    const index = this.hashesOf.get(user) ?? new Set()
    this.hashesOf.set(user, index)
    return index
  }

  private sweep(now: number): void {
    for (const [hash, session] of this.sessions) {
      if (isAlive(session, now)) continue
      this.sessions.delete(hash)
      const index = this.hashesOf.get(session.user)
      index?.delete(hash)
      if (index?.size === 0) this.hashesOf.delete(session.user)
    }
    for (const [key, { until }] of this.values) if (until <= now) this.values.delete(key)
  }
}

const createdAt = (tokens: [string, StoredSession][]): number => tokens[0]?.[1].createdAt ?? 0

const accountKey = (user: string, account: string): string => `${user}\n${account}`

const isAlive = ({ idleEnds, absoluteEnds }: StoredSession, now: number): boolean =>
  idleEnds > now && absoluteEnds > now
