export type Value = string | number | Buffer | null
export type Row = Partial<Record<string, unknown>>

export interface Result {
  rows: Row[]
  /** rows written */
  affected: number
}

/** What differs between databases: how one is spoken to. */
export interface Database {
  readonly kind: 'mysql' | 'postgres'
  /** ms after which nobody waits for an answer */
  readonly deadline: number
  /** `?` stands for a value, also where the database itself writes `$1` */
  query(sql: string, values: readonly Value[]): Promise<Result>
  /** a text as this database keeps it, letter by letter */
  text(value: string): Value
}

/** The schema is not there, or of another version. Its words may be told: there is no value in them. */
export class SchemaError extends Error {
  readonly code = 'MPS_SCHEMA'
}

/** Of two that waited for each other the database ended one, and asks to do it again. */
const AGAIN = new Set(['ER_LOCK_DEADLOCK', '40001', '40P01'])
const TRIES = 3

export async function retrying<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work()
    } catch (error) {
      if (tries === TRIES || !AGAIN.has(codeOf(error))) throw error
    }
  }
}

export const codeOf = (error: unknown): string => {
  const { code } = (error ?? {}) as { code?: unknown }
  return typeof code === 'string' ? code : ''
}

export const textOf = (value: unknown): string =>
  Buffer.isBuffer(value) ? value.toString('utf8') : String(value)

/** A hash or the like: base64url here, bytes there. */
export const bytes = (text: string): Buffer => Buffer.from(text, 'base64url')
export const unbytes = (value: unknown): string => (value as Buffer).toString('base64url')
