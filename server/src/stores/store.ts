/** A session as it is kept, under the hash of its token. Times are ms since 1970, by the clock of `createAuth`. */
export interface StoredSession {
  /** stays the same when its token rotates; may be shown to its user */
  id: string
  user: string
  app: string
  /** which account of the platform's it came from */
  account: string
  createdAt: number
  seenAt: number
  idleEnds: number
  absoluteEnds: number
  /** ended by somebody: told until it would have ended anyway */
  ended?: 'replaced' | 'revoked'
  /** the token that follows this one, sealed: every answer offers it */
  next?: NextToken
  /** the hash that this one follows, until this one is first used */
  follows?: string
  /** the app's, as JSON */
  data?: string
}

/** Of the app's own table of users, by column. */
export type StoredProfile = Record<string, unknown>

export interface FoundSession<Profile extends StoredProfile = StoredProfile> extends StoredSession {
  /** of a store that can look it up in the same read; absent too for a user of whom that table knows nothing */
  profile?: Profile
}

export interface NextToken {
  sealed: string
  absoluteEnds: number
}

export interface Opening {
  hash: string
  session: StoredSession
  /** the token itself, sealed, to be given to others who log in at the same time */
  sealed: string
  openid: string
  /** sealed */
  sessionKey?: string | undefined
  now: number
  shareUntil: number
  /** of living sessions of one user, this one among them; the oldest goes */
  limit: number
  /** all others of this user are replaced */
  single: boolean
}

/** Whose token it is that goes out: this login's own, or that of one just before. */
export type Opened =
  { blocked: Block } | { won: boolean; sealed: string; absoluteEnds: number; blocked?: undefined }

export interface Block {
  reason: string
  /** for ever without it */
  until?: number
}

export interface StoredAccount {
  openid: string
  sessionKey?: string
}

/** Which sessions of a user: all, one by its id, or all but one. */
export interface Which {
  user: string
  id?: string | undefined
  except?: string | undefined
}

/**
 * Operations, not keys: each store makes them atomic in its own way. Whatever it throws is an outage, never "there is no
 * such session". It may drop what has ended, and need not: who asks looks at the times.
 */
export interface SessionStore<Profile extends StoredProfile = StoredProfile> {
  /** One step for all processes: of logins of one account at once, one wins, and all get its token. */
  open(opening: Opening): Promise<Opened>
  /** One read. */
  find(hash: string): Promise<FoundSession<Profile> | undefined>
  /** Only if `seenAt` is still what it was when it was read: a late touch never brings back the dead. */
  touch(hash: string, seenAt: number, next: { seenAt: number; idleEnds: number }): Promise<void>
  /** The first one wins; the old token's record keeps the next. Undefined: there is no such session any more. */
  rotate(
    hash: string,
    next: { hash: string; sealed: string; session: StoredSession; now: number },
  ): Promise<NextToken | undefined>
  /** The next token was used: the one that it follows ends then. */
  retire(hash: string, follows: string, ends: number, now: number): Promise<void>
  /** How many ended, by id. `gone`: as if they had never been; else told until they would have ended. */
  end(which: Which, as: 'gone' | 'replaced' | 'revoked', now: number): Promise<number>
  list(user: string): Promise<{ hash: string; session: StoredSession }[]>
  account(user: string, account: string): Promise<StoredAccount | undefined>
  /** A new `session_key`, sealed, of an account that is known. */
  keepKey(user: string, account: string, sessionKey: string): Promise<void>
  block(user: string, block: Block | null, now: number): Promise<void>
  /** What all processes share: access tokens of a platform. */
  readonly shared: {
    get(key: string, now: number): Promise<string | undefined>
    put(key: string, value: string, until: number, now: number): Promise<void>
    /** True for one of all who ask within `ttl` ms. */
    lease(key: string, until: number, now: number): Promise<boolean>
  }
  /** Of Redis alone: a script on one key, which lets limits count for all processes. */
  script?(text: string, key: string, words: string[]): Promise<unknown>
  ping(): Promise<void>
  close(): Promise<void>
}

/** What `createAuth` takes: a store is made for its namespace, so that two of them on one database never mix. */
export interface StoreFactory<Profile extends StoredProfile = StoredProfile> {
  /** for logs and `/readyz`: `memory`, `redis`, … */
  readonly kind: string
  readonly mistakes?: readonly string[]
  /** it lives in this process alone, and ends with it */
  readonly isLocal?: boolean
  /** `deadline`: ms after which nobody waits for a call any more, and its connection is not to be trusted */
  create(namespace: string, options?: { deadline: number }): SessionStore<Profile>
}
