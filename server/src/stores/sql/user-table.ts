import { isObject } from '../../auth/values.ts'

/** The app's own table of users: what of it each session is to have as its `profile`. */
export interface UserTable<Column extends string = string> {
  /** `users`, or `shop.users` in another schema. What is no plain name is quoted as in SQL: `"my users"` */
  table: string
  /** its column for what `onLogin` answers, an integer, a text or a UUID; it needs a unique index */
  key: string
  /** letter by letter as the database has them */
  columns: readonly Column[]
}

export interface SqlStoreOptions<Column extends string = string> {
  /** `session.profile` is read from it, in the same statement as the session */
  user?: UserTable<Column>
}

type Unquoted<Name extends string> = Name extends `"${infer Inner}"` | `\`${infer Inner}\`` ? Inner : Name

/** By column. What is in one is what the driver makes of it. */
export type ProfileOf<Column extends string> = { [Name in Column as Unquoted<Name>]: unknown }

/** Names as the database has them; none has a quote or a `?` in it. */
export interface UserNames {
  /** with its schema before it, if that was given */
  table: readonly string[]
  key: string
  columns: readonly string[]
}

// Without quotes of either kind nothing ends a quoted name before its end, and `?` stands for values.
const INNER = '[^"`?\\p{Cc}]{1,64}'
const NAME = new RegExp(`"${INNER}"|\`${INNER}\`|[\\p{L}\\p{M}\\p{N}_$]{1,64}`, 'uy')

/** The parts of `a.b`; undefined: it is no name. */
function partsOf(text: unknown): string[] | undefined {
  if (typeof text !== 'string') return undefined
  const parts: string[] = []
  for (let at = 0; ; at += 1) {
    NAME.lastIndex = at
    const [part] = NAME.exec(text) ?? []
    if (part === undefined) return undefined
    parts.push(/^["`]/.test(part) ? part.slice(1, -1) : part)
    at += part.length
    if (at === text.length) return parts
    if (text[at] !== '.') return undefined
  }
}

const nameOf = (text: unknown): string | undefined => {
  const parts = partsOf(text)
  return parts?.length === 1 ? parts[0] : undefined
}

const isName = (name: string | undefined): name is string => name !== undefined

const KEYS = ['table', 'key', 'columns']
const HOW = 'Letters, digits, _ and $ stand as they are, all else in quotes as in SQL'

/** What is wrong with the options of a store, and never a value; or else the names that were meant. */
export function readUserTable(store: string, options: unknown): { mistakes: string[]; user?: UserNames } {
  if (options === undefined) return { mistakes: [] }
  if (!isObject(options)) return { mistakes: [`${store}: what comes after the pool must be { user }.`] }
  const mistakes: string[] = []
  const mistake = (wrong: boolean, text: string): void => {
    if (wrong) mistakes.push(`${store}: ${text}`)
  }
  const knows = (given: object, names: string[]) => Object.keys(given).every((name) => names.includes(name))
  mistake(!knows(options, ['user']), 'there is an option that is not known: there is user.')
  const { user } = options
  if (user === undefined) return { mistakes }
  if (!isObject(user)) {
    return { mistakes: [...mistakes, `${store}: user must be { table, key, columns }.`] }
  }
  mistake(!knows(user, KEYS), `user has an option that is not known: there are ${KEYS.join(', ')}.`)
  const table = partsOf(user['table'])
  mistake(!table || table.length > 2, `user.table must be a table's name, or schema.table. ${HOW}.`)
  const key = nameOf(user['key'])
  mistake(!key, `user.key must be a column's name. ${HOW}.`)
  const given: readonly unknown[] = Array.isArray(user['columns']) ? user['columns'] : []
  mistake(given.length === 0, 'user.columns must be a list of one column or more.')
  const columns = given.map(nameOf)
  columns.forEach((name, index) =>
    mistake(name === undefined, `user.columns[${index}] must be a column's name. ${HOW}.`),
  )
  mistake(new Set(given).size !== given.length, 'user.columns has one of them twice.')
  if (mistakes.length > 0 || !table || key === undefined) return { mistakes }
  return { mistakes, user: { table, key, columns: columns.filter(isName) } }
}
