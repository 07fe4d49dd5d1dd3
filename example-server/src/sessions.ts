import { randomBytes } from 'node:crypto'
import { sha256, type Seal } from './seal.ts'
import type { Store, Table } from './store/store.ts'

export interface Session {
  /** The user's openid. */
  user: string
  createdAt: number
  seenAt: number
  expiresAt: number
}

/** What a user sees of a session in a list: enough to recognise one, not enough to use it. */
export interface SessionSummary {
  id: string
  /** the one that asks */
  current: boolean
  createdAt: number
  seenAt: number
}

interface Options {
  store: Store
  seal: Seal
  clock: () => number
  /** ms a session lives after it was last used */
  ttl: number
  /** ms a session lives at most */
  maxAge: number
  /** ms within which a second login of the same user gets the same session */
  reuseWindow: number
}

/** Of one user, or each login would make the next one slower. */
const MAX_SESSIONS = 20

/** `token` is 256 random bits, base64url. Anything else cannot be ours and costs no look-up. */
const TOKEN = /^[A-Za-z0-9_-]{43}$/

/**
 * Sessions by token. Only a token's SHA-256 is stored: who reads the store cannot speak for anybody. A plain
 * hash is enough, where passwords need a slow one, because nobody guesses 256 random bits.
 */
export class Sessions {
  private readonly byHash: Table<Session>
  /** user -> hashes of that user's sessions, dead ones included until the next login sweeps them out */
  private readonly hashesOf: Table<string[]>
  /** user -> the token just handed out, sealed, for a few seconds: see `open` */
  private readonly recent: Table<{ sealed: string; until: number }>

  /** hashes whose touch is under way: of fifty requests at once one waits for it */
  private readonly touching = new Set<string>()

  constructor(private readonly options: Options) {
    this.byHash = options.store.table('session')
    this.hashesOf = options.store.table('sessions-of')
    this.recent = options.store.table('recent')
  }

  /**
   * A session for this user: the one opened within the last few seconds if it is still good, else a new one.
   * A client that logs in five times at launch so gets five times the same token, instead of five sessions
   * of which it keeps a random one.
   *
   * A hash cannot be handed out again, so the token itself stays in the store for those seconds, encrypted
   * with the servers' key. The lock makes "is there one? then that one, else mine" one step for all
   * processes: without it two of them look, find nothing, and open two.
   */
  async open(user: string): Promise<{ token: string; expiresIn: number }> {
    const { store, seal, clock, ttl, maxAge, reuseWindow } = this.options
    const key = sha256(user)
    return store.exclusive(key, async () => {
      const now = clock()
      const recent = await this.recent.get(key)
      if (recent && recent.until > now) {
        const token = seal.open(recent.sealed, key)
        // It may have been logged out within the window: a dead token must not be handed out again.
        const session = token === undefined ? undefined : await this.alive(sha256(token))
        if (token !== undefined && session) return { token, expiresIn: seconds(session.expiresAt - now) }
      }
      const token = randomBytes(32).toString('base64url')
      const expiresAt = now + Math.min(ttl, maxAge)
      await this.byHash.set(sha256(token), { user, createdAt: now, seenAt: now, expiresAt }, expiresAt - now)
      const others = await this.aliveHashes(key)
      for (const oldest of others.splice(0, others.length - MAX_SESSIONS + 1))
        await this.byHash.delete(oldest)
      await this.hashesOf.set(key, [...others, sha256(token)], maxAge)
      await this.recent.set(
        key,
        { sealed: seal.close(token, key), until: now + reuseWindow },
        2 * reuseWindow,
      )
      return { token, expiresIn: seconds(expiresAt - now) }
    })
  }

  /** The session of a token, kept alive by this very look. */
  async find(token: string): Promise<Session | undefined> {
    if (!TOKEN.test(token)) return undefined
    const hash = sha256(token)
    const session = await this.alive(hash)
    if (session && this.isTouchDue(session) && !this.touching.has(hash)) {
      this.touching.add(hash)
      await this.touch(hash, session).finally(() => this.touching.delete(hash))
    }
    return session
  }

  async close(token: string): Promise<void> {
    const session = await this.alive(sha256(token))
    if (!session) return
    await this.options.store.exclusive(sha256(session.user), () => this.byHash.delete(sha256(token)))
  }

  /** Closes one of a user's sessions by its name in the list. */
  async closeOne(user: string, id: string): Promise<boolean> {
    const key = sha256(user)
    return this.options.store.exclusive(key, async () => {
      const hash = (await this.aliveHashes(key)).find((candidate) => sessionId(candidate) === id)
      if (hash !== undefined) await this.byHash.delete(hash)
      return hash !== undefined
    })
  }

  async closeAll(user: string): Promise<number> {
    const key = sha256(user)
    return this.options.store.exclusive(key, async () => {
      const hashes = await this.aliveHashes(key)
      for (const hash of hashes) await this.byHash.delete(hash)
      await this.hashesOf.delete(key)
      return hashes.length
    })
  }

  /** The user's living sessions; `token` marks the one that asks. */
  async list(user: string, token: string): Promise<SessionSummary[]> {
    const hashes = (await this.hashesOf.get(sha256(user))) ?? []
    const sessions = await Promise.all(
      hashes.map(async (hash) => ({ hash, session: await this.alive(hash) })),
    )
    return sessions.flatMap(({ hash, session }) =>
      session
        ? [
            {
              id: sessionId(hash),
              current: hash === sha256(token),
              createdAt: session.createdAt,
              seenAt: session.seenAt,
            },
          ]
        : [],
    )
  }

  /** Every session of everybody: for development. */
  async clear(): Promise<void> {
    await this.byHash.clear()
  }

  /** Sliding costs a write, so it is done in steps of 1/60 of the time to live and not at every request. */
  private isTouchDue({ seenAt }: Session): boolean {
    return this.options.clock() - seenAt > this.options.ttl / 60
  }

  /** Under the user's lock and after another look: a late touch must not bring a closed session back. */
  private async touch(hash: string, { user }: Session): Promise<void> {
    const { store, clock, ttl, maxAge } = this.options
    await store.exclusive(sha256(user), async () => {
      const session = await this.alive(hash)
      // Another process may have been quicker.
      if (!session || !this.isTouchDue(session)) return
      const now = clock()
      const expiresAt = Math.min(now + ttl, session.createdAt + maxAge)
      await this.byHash.set(hash, { ...session, seenAt: now, expiresAt }, expiresAt - now)
    })
  }

  /** The store's own expiry only cleans up; what counts is the time written in the session. */
  private async alive(hash: string): Promise<Session | undefined> {
    const session = await this.byHash.get(hash)
    return session && session.expiresAt > this.options.clock() ? session : undefined
  }

  private async aliveHashes(key: string): Promise<string[]> {
    const hashes = (await this.hashesOf.get(key)) ?? []
    const alive = await Promise.all(hashes.map((hash) => this.alive(hash)))
    return hashes.filter((_, index) => alive[index])
  }
}

const seconds = (ms: number): number => Math.max(1, Math.floor(ms / 1000))

/** A name for a session that may be shown: part of a hash of a random token gives nothing away. */
export const sessionId = (hash: string): string => hash.slice(0, 16)
