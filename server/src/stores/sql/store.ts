import { randomBytes } from 'node:crypto'
import type {
  Block,
  FoundSession,
  NextToken,
  Opened,
  Opening,
  SessionStore,
  StoredAccount,
  StoredProfile,
  StoredSession,
} from '../store.ts'
import { bytes, textOf, unbytes, type Database, type Row, type Value } from './database.ts'
import { blockOf, isPending, recentOf, tooMany } from './judgement.ts'
import { Lookups } from './lookups.ts'
import { sessionOf, time, valuesOf } from './rows.ts'
import { checkSchema } from './schema.ts'
import { statementsFor } from './statements.ts'
import type { UserNames } from './user-table.ts'

/** ms between two sweeps of one process; and how long what has ended is left lying */
const SWEEP = 60_000
const LEFT = 86_400_000

/**
 * Sessions in tables. No transaction: each step is one statement, in an order in which whatever stops in between does no
 * harm. What is left then is a session that nobody has the token of.
 */
export class SqlStore<Profile extends StoredProfile = StoredProfile> implements SessionStore<Profile> {
  private readonly ns: Value
  private readonly say: ReturnType<typeof statementsFor>
  private readonly lookups: Lookups<Profile>
  private sweptAt = 0
  private isChecked = false

  constructor(
    private readonly database: Database,
    namespace: string,
    user?: UserNames,
  ) {
    this.ns = database.text(namespace)
    this.say = statementsFor(database.kind)
    this.lookups = new Lookups(database, this.ns, user)
  }

  /**
   * The session is there before it is claimed for the account: whoever finds a claim can use it at once. Until it is
   * confirmed it takes nobody's place. Whether the user is blocked is asked after it is there: a block that comes later
   * ends what it finds, and finds this one.
   */
  async open(opening: Opening): Promise<Opened> {
    const { hash, session, sealed, now, limit, single } = opening
    await this.run(this.say.insertSession, ...valuesOf(this.database, this.ns, hash, session, 1))
    await this.claim(opening)
    const rows = await this.judge(opening)
    const block = blockOf(rows, now)
    const recent = recentOf(rows, hash)
    if (block || recent) await this.run(this.say.remove, this.ns, bytes(hash))
    if (block) return { blocked: block }
    if (recent) return this.share(recent)
    await this.run(this.say.confirm, this.ns, bytes(hash))
    // Of two accounts of one user at once either sees the other now.
    const all = single ? await this.judge(opening) : rows
    const over = tooMany(all, hash, single ? 'single' : limit)
    if (over.length > 0) await this.finish(session.user, over, single ? 'replaced' : 'gone')
    this.sweep(now)
    return { won: true, sealed, absoluteEnds: session.absoluteEnds }
  }

  private async share(recent: Row): Promise<Opened> {
    // Its own login may have died with its process.
    if (isPending(recent)) await this.run(this.say.confirm, this.ns, recent['hash'] as Buffer)
    const [sealed, absoluteEnds] = [textOf(recent['recent_sealed']), Number(recent['absolute_ends'])]
    return { won: false, sealed, absoluteEnds }
  }

  find(hash: string): Promise<FoundSession<Profile> | undefined> {
    return this.lookups.find(hash)
  }

  async touch(hash: string, seenAt: number, next: { seenAt: number; idleEnds: number }): Promise<void> {
    const ends = time(next.idleEnds)
    await this.run(this.say.touch, time(next.seenAt), ends, ends, this.ns, bytes(hash), time(seenAt))
  }

  /** The next one is there before it is offered; whose was not the first is taken away again. */
  async rotate(hash: string, next: Parameters<SessionStore['rotate']>[1]): Promise<NextToken | undefined> {
    const { sealed, session } = next
    await this.run(this.say.insertSession, ...valuesOf(this.database, this.ns, next.hash, session, 0))
    const { absoluteEnds } = session
    const { affected } = await this.run(
      this.say.follow,
      this.text(sealed),
      time(absoluteEnds),
      this.ns,
      bytes(hash),
    )
    if (affected > 0) return { sealed, absoluteEnds }
    await this.run(this.say.remove, this.ns, bytes(next.hash))
    const found = await this.find(hash)
    return found?.ended ? undefined : found?.next
  }

  async retire(hash: string, follows: string, ends: number): Promise<void> {
    const [used, old, end] = [bytes(hash), bytes(follows), time(ends)]
    await this.run(this.say.retire, used, old, end, old, end, this.ns, used, old)
  }

  async end(...[which, as, now]: Parameters<SessionStore['end']>): Promise<number> {
    const { user, id, except } = which
    const living = new Set<string>()
    const meant = new Map<string, string>()
    const { rows } = await this.run(this.say.list, this.ns, this.text(user))
    for (const row of rows) {
      const session = sessionOf(row)
      if ((id !== undefined && session.id !== id) || session.id === except) continue
      if (as !== 'gone' && session.ended) continue
      meant.set(session.id, session.account)
      const isAlive = !session.ended && session.idleEnds > now && session.absoluteEnds > now
      if (isAlive && !isPending(row)) living.add(session.id)
    }
    if (meant.size === 0) return 0
    // First: a login that comes now must not be given what ends.
    const accounts = [...new Set(meant.values())].map((account) => this.text(account))
    await this.run(this.say.forget(accounts.length), this.ns, this.text(user), ...accounts)
    await this.finish(user, [...meant.keys()], as)
    return living.size
  }

  async list(user: string): Promise<{ hash: string; session: StoredSession }[]> {
    const { rows } = await this.run(this.say.list, this.ns, this.text(user))
    const open = rows.filter((row) => !isPending(row))
    return open.map((row) => ({ hash: unbytes(row['hash']), session: sessionOf(row) }))
  }

  async account(user: string, account: string): Promise<StoredAccount | undefined> {
    const { rows } = await this.run(this.say.account, this.ns, this.text(user), this.text(account))
    const [row] = rows
    if (!row) return undefined
    const key = row['session_key']
    return { openid: textOf(row['openid']), ...(key == null ? {} : { sessionKey: textOf(key) }) }
  }

  async keepKey(user: string, account: string, sessionKey: string): Promise<void> {
    await this.run(this.say.keepKey, this.text(sessionKey), this.ns, this.text(user), this.text(account))
  }

  async block(user: string, block: Block | null): Promise<void> {
    const id = this.text(user)
    if (!block) {
      await this.run(this.say.unblock, this.ns, id)
      return
    }
    const values = [this.text(block.reason), block.until === undefined ? null : time(block.until)]
    await this.run(this.say.block, this.ns, id, ...values, ...values)
  }

  readonly shared = {
    get: async (key: string, now: number): Promise<string | undefined> => {
      const { rows } = await this.run(this.say.get, this.ns, this.text(key), time(now))
      return rows[0] && textOf(rows[0]['value'])
    },
    put: async (key: string, value: string, until: number): Promise<void> => {
      const values = [this.text(value), time(until)]
      await this.run(this.say.put, this.ns, this.text(key), ...values, ...values)
    },
    lease: async (key: string, until: number, now: number): Promise<boolean> => {
      const name = this.text(`lease ${key}`)
      const mine = randomBytes(12).toString('base64url')
      const [value, end, at] = [this.text(mine), time(until), time(now)]
      await this.run(this.say.lease, this.ns, name, value, end, at, value, at, end)
      const { rows } = await this.run(this.say.get, this.ns, name, at)
      return rows[0] !== undefined && textOf(rows[0]['value']) === mine
    },
  }

  /** More than that it answers: its tables are there, as this version knows them. */
  async ping(): Promise<void> {
    if (this.isChecked) await this.run('SELECT 1')
    else await checkSchema(this.database)
    this.isChecked = true
    await this.lookups.ready()
  }

  /** The pool is the app's to close. */
  close(): Promise<void> {
    return Promise.resolve()
  }

  /** In `claim` the values come in the order of its text, some of them twice. */
  private async claim({
    hash,
    session,
    sealed,
    openid,
    sessionKey,
    now,
    shareUntil,
  }: Opening): Promise<void> {
    const until = time(Math.min(shareUntil, session.idleEnds, session.absoluteEnds))
    const key = sessionKey === undefined ? null : this.text(sessionKey)
    const [id, mine, mineSealed, at] = [this.text(openid), bytes(hash), this.text(sealed), time(now)]
    const row = [
      this.ns,
      this.text(session.user),
      this.text(session.account),
      id,
      key,
      mine,
      mineSealed,
      until,
    ]
    await this.run(this.say.claim, ...row, id, key, at, mine, at, mineSealed, at, until)
  }

  private async judge({ hash, session, now }: Opening): Promise<Row[]> {
    const who = [this.text(session.account), this.ns, this.text(session.user), bytes(hash)]
    return (await this.run(this.say.judge, ...who, time(now), time(now))).rows
  }

  private async finish(user: string, ids: string[], as: 'gone' | 'replaced' | 'revoked'): Promise<void> {
    const rest = [this.ns, this.text(user)]
    const names = ids.map((id) => this.text(id))
    const work = () =>
      as === 'gone'
        ? this.run(this.say.drop(ids.length), ...rest, ...names)
        : this.run(this.say.finish(ids.length), this.text(as), ...rest, ...names)
    await work()
    // A rotation that was half done while this was carried out has made one more row; now it can make none.
    await work()
  }

  /** Not waited for, and no harm if it does not work: the next one does. */
  private sweep(now: number): void {
    if (now - this.sweptAt < SWEEP) return
    this.sweptAt = now
    this.run(this.say.sweep, this.ns, time(now - LEFT)).catch(() => undefined)
  }

  private run(sql: string, ...values: Value[]): ReturnType<Database['query']> {
    return this.database.query(sql, values)
  }

  private text(value: string): Value {
    return this.database.text(value)
  }
}
