import { Ended } from '../errors.ts'
import type { FoundSession, SessionStore, StoredProfile, StoredSession } from '../stores/store.ts'
import type { Events } from './events.ts'
import type { Config } from './options.ts'
import type { Secrets } from './secrets.ts'

/** Who asks. */
export interface Session<Data = undefined, Profile extends StoredProfile = StoredProfile> {
  user: string
  /** the provider's id */
  app: string
  /** which account of the platform's, as an opaque name: `auth.app()` finds openid and `session_key` by it */
  account: string
  /** names the session, and may be shown to its user */
  id: string
  createdAt: number
  /** however much it is used */
  endsAt: number
  /** what `onLogin` gave */
  data: Data
  /**
   * What the app's own table has of this user, as it is now: of the stores in SQL, by their option `user`. Undefined: it has
   * no row.
   */
  profile?: Profile
  /** goes out with the answer, as `Session-Token` and `Session-Expires-In`: the client goes on with it */
  next?: { token: string; expiresIn: number }
}

/** One of a user's sessions, in a list for that user. */
export interface SessionInfo {
  id: string
  app: string
  createdAt: number
  seenAt: number
}

/** Which sessions of a user: all, one by its id, or all but one. */
export type Revocation =
  { user: string; except?: string; id?: undefined } | { user: string; id: string; except?: undefined }

/** ms for which a token that was followed stays good after the next one was used: requests are on their way with it */
const GRACE = 60_000
/** Keeping a session alive costs a write, so it is done in steps. */
const STEPS = 60

export class Sessions<Data, Profile extends StoredProfile = StoredProfile> {
  /** hashes that are being written to: of fifty requests at once one does it */
  private readonly busy = new Map<string, Promise<void>>()

  constructor(
    private readonly config: Config<Data>,
    private readonly store: SessionStore<Profile>,
    private readonly secrets: Secrets,
    private readonly events: Events,
  ) {}

  /** One read. Undefined: nobody has this token. Throws where nobody can tell, and where somebody ended it. */
  async authenticate(token: string | undefined): Promise<Session<Data, Profile> | undefined> {
    const found = await this.find(token)
    const now = this.config.clock()
    if (!found || isOver(found.session, now)) {
      this.events.emit({ type: 'lookup', result: found ? 'expired' : 'unknown' })
      return undefined
    }
    const { hash, session } = found
    if (session.ended) {
      this.events.emit({ type: 'lookup', result: 'ended' })
      throw new Ended(session.ended)
    }
    this.events.emit({ type: 'lookup', result: 'found' })
    await this.keep(hash, session, now)
    const next = await this.next(hash, session, now)
    const { user, app, account, id, createdAt, absoluteEnds: endsAt } = session
    const data = (session.data === undefined ? undefined : JSON.parse(session.data)) as Data
    const made: Session<Data, Profile> = { user, app, account, id, createdAt, endsAt, data }
    if (session.profile) made.profile = session.profile
    if (next) made.next = next
    return made
  }

  /** Ends it under all its tokens; a dead token is no mistake. */
  async logout(token: string | undefined): Promise<void> {
    const found = await this.find(token)
    if (!found) return
    const { user, id } = found.session
    const count = await this.store.end({ user, id }, 'gone', this.config.clock())
    this.events.emit({ type: 'ended', user, count, why: 'logout' })
  }

  /** The living ones, the newest first. */
  async list(user: string): Promise<SessionInfo[]> {
    const now = this.config.clock()
    const byId = new Map<string, SessionInfo>()
    for (const { session } of await this.store.list(user)) {
      if (isOver(session, now) || session.ended) continue
      const { id, app, createdAt, seenAt } = session
      // A session whose token rotates has two for a while.
      byId.set(id, { id, app, createdAt, seenAt: Math.max(seenAt, byId.get(id)?.seenAt ?? 0) })
    }
    return [...byId.values()].sort((a, b) => b.createdAt - a.createdAt)
  }

  private async find(
    token: string | undefined,
  ): Promise<{ hash: string; session: FoundSession<Profile> } | undefined> {
    if (token === undefined || !this.secrets.isToken(token)) return undefined
    for (const hash of this.secrets.hashes(token)) {
      const session = await this.store.find(hash)
      if (session) return { hash, session }
    }
    return undefined
  }

  /** Moves the idle end, and tells the token before this one that its time has come. */
  private async keep(hash: string, session: StoredSession, now: number): Promise<void> {
    const { idle } = this.config
    const isDue = now - session.seenAt > idle / STEPS
    if (!isDue && session.follows === undefined) return
    await this.once(hash, async () => {
      if (session.follows !== undefined) await this.store.retire(hash, session.follows, now + GRACE, now)
      if (!isDue) return
      const seen = { seenAt: now, idleEnds: now + idle }
      await this.store.touch(hash, session.seenAt, seen)
      // The next token is offered with each answer, and must be good whenever it is taken.
      const next = session.next && (await this.find(this.secrets.open(session.next.sealed, nextOf(session))))
      if (next) await this.store.touch(next.hash, next.session.seenAt, seen)
    })
  }

  /** In the second half of its life a session offers its next token, the same one with each answer. */
  private async next(hash: string, session: FoundSession, now: number): Promise<Session['next']> {
    const { absolute, idle, rotate } = this.config
    if (!rotate || session.absoluteEnds - now > absolute / 2) return undefined
    let next = session.next
    if (!next) {
      const token = this.secrets.newToken()
      const following: FoundSession = {
        ...session,
        seenAt: now,
        idleEnds: now + idle,
        absoluteEnds: now + absolute,
        follows: hash,
      }
      // The app's, and looked up anew with each request.
      delete following.profile
      const sealed = this.secrets.seal(token, nextOf(session))
      try {
        const made = { hash: this.secrets.hash(token), sealed, session: following, now }
        next = await this.store.rotate(hash, made)
        this.events.emit({ type: 'rotated', app: session.app, user: session.user })
      } catch {
        // The token at hand is good, and so is the next request to try it with.
      }
    }
    const token = next && this.secrets.open(next.sealed, nextOf(session))
    if (!next || token === undefined || next.absoluteEnds <= now) return undefined
    return { token, expiresIn: seconds(next.absoluteEnds - now) }
  }

  /** Of requests at once one writes, and the others wait: whoever comes next reads what it wrote. */
  private once(hash: string, work: () => Promise<void>): Promise<void> {
    const running = this.busy.get(hash)
    if (running) return running
    const run = work()
      // The session is good without it, and the next request tries again.
      .catch(() => undefined)
      .finally(() => this.busy.delete(hash))
    this.busy.set(hash, run)
    return run
  }
}

/** What its next token is sealed for. */
const nextOf = ({ id }: StoredSession): string => `next ${id}`

const isOver = ({ idleEnds, absoluteEnds }: StoredSession, now: number): boolean =>
  idleEnds <= now || absoluteEnds <= now

export const seconds = (ms: number): number => Math.max(1, Math.floor(ms / 1000))
