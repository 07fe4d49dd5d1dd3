import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type { Opened, Opening, SessionStore, StoredSession } from '../store.ts'

export type Test = (name: string, run: () => Promise<void>) => void

export const NOW = Date.UTC(2026, 5, 1)
export const MINUTE = 60_000
export const DAY = 86_400_000

export const random = (bytes = 32): string => randomBytes(bytes).toString('base64url')

let users = 0
/** Each test has users that nobody else has. */
export const newUser = (): string => `user-${random(6)}-${(users += 1)}`

export interface Given {
  user?: string
  account?: string
  now?: number
  share?: number
  limit?: number
  single?: boolean
  idle?: number
  absolute?: number
  sessionKey?: string
  openid?: string
  data?: string
  id?: string
}

export function opening(given: Given = {}): Opening {
  const { user = newUser(), now = NOW, share = 0, limit = 20, single = false } = given
  const { idle = DAY, absolute = 30 * DAY, account = `account of ${user}`, data } = given
  return {
    hash: random(),
    session: {
      id: given.id ?? random(9),
      user,
      app: 'wechat:wx1',
      account,
      createdAt: now,
      seenAt: now,
      idleEnds: now + idle,
      absoluteEnds: now + absolute,
      ...(data === undefined ? {} : { data }),
    },
    sealed: random(60),
    openid: given.openid ?? `openid of ${user}`,
    sessionKey: given.sessionKey,
    now,
    shareUntil: now + share,
    limit,
    single,
  }
}

/** What a token's record says now: that it is dead, or who ended it. */
export async function stateOf(store: SessionStore, hash: string, now = NOW): Promise<string> {
  const session = await store.find(hash)
  if (!session || session.idleEnds <= now || session.absoluteEnds <= now) return 'dead'
  return session.ended ?? 'alive'
}

export const won = (opened: Opened): boolean => opened.blocked === undefined && opened.won
export const sealedOf = (opened: Opened): string | undefined => (opened.blocked ? undefined : opened.sealed)

/** Opens one session, and says under which hash. */
export async function login(store: SessionStore, given: Given): Promise<Opening> {
  const made = opening(given)
  const opened = await store.open(made)
  assert.ok(won(opened), 'a login by itself opens a session')
  return made
}

/** The session that follows, as the core makes it. */
export const following = (made: Opening, now = NOW + 16 * DAY) => ({
  hash: random(),
  sealed: random(60),
  session: {
    ...made.session,
    seenAt: now,
    idleEnds: now + DAY,
    absoluteEnds: now + 30 * DAY,
    follows: made.hash,
  } satisfies StoredSession,
  now,
})

/** A test on a store that is opened for it. */
export type It = (name: string, run: (store: SessionStore) => Promise<void>) => void
