import type { FoundSession, StoredProfile } from '../store.ts'
import { bytes, unbytes, type Database, type Row, type Value } from './database.ts'
import { hasChanged, joinUsers, readable } from './profile.ts'
import { sessionOf } from './rows.ts'
import { checkSchema } from './schema.ts'
import { statementsFor } from './statements.ts'
import { Together } from './together.ts'
import type { UserNames } from './user-table.ts'

interface Lookup<Profile extends StoredProfile> {
  sql(count: number): string
  sessionOf(row: Row): FoundSession<Profile>
}

/** Whose token it is, in one read, which may be that of others too, and with what the app's own table has of that user, if the app wants that. */
export class Lookups<Profile extends StoredProfile> {
  /** undefined until it is known what kind of key the app's table has */
  private lookup: Lookup<Profile> | undefined
  private readonly together: Together<FoundSession<Profile>>
  private learning: Promise<Lookup<Profile>> | undefined

  constructor(
    private readonly database: Database,
    private readonly ns: Value,
    private readonly user: UserNames | undefined,
  ) {
    this.together = new Together(database.deadline, (hashes) => this.read(hashes))
    if (!user) this.lookup = { sql: statementsFor(database.kind).find, sessionOf }
  }

  find(hash: string): Promise<FoundSession<Profile> | undefined> {
    return this.together.find(hash)
  }

  /** The app's table can be read, or it is told why not. */
  async ready(): Promise<void> {
    if (!this.lookup) await this.learn()
  }

  private async read(hashes: string[]): Promise<Map<string, FoundSession<Profile>>> {
    const lookup = this.lookup ?? (await this.learn())
    try {
      const { rows } = await this.database.query(lookup.sql(hashes.length), [this.ns, ...hashes.map(bytes)])
      return new Map(rows.map((row) => [unbytes(row['hash']), lookup.sessionOf(row)]))
    } catch (error) {
      // The store is asked next whether it is ready, and that says in words what is wrong.
      if (this.user && hasChanged(error)) this.lookup = undefined
      throw error
    }
  }

  /** Once, for all who look up at the same time. */
  private learn(): Promise<Lookup<Profile>> {
    this.learning ??= this.meet().finally(() => (this.learning = undefined))
    return this.learning
  }

  private async meet(): Promise<Lookup<Profile>> {
    const { database, ns, user } = this
    if (!user) throw new Error('a look-up without a table of users is known from the start')
    // First, or a missing table of sessions would be taken for the app's.
    await checkSchema(database)
    const join = await joinUsers(database, user)
    const { findWith } = statementsFor(database.kind)
    const sql = (count: number) => findWith(join, count)
    // Nobody's: whether this may be asked at all.
    await readable(user, () => database.query(sql(1), [ns, Buffer.alloc(32)]))
    this.lookup = {
      sql,
      sessionOf(row) {
        const profile = join.profileOf(row) as Profile | undefined
        return profile ? { ...sessionOf(row), profile } : sessionOf(row)
      },
    }
    return this.lookup
  }
}
