import type Keyv from 'keyv'

/** Where everything lives: Keyv tables, and the one thing Keyv does not have, a lock. */
export interface Store {
  readonly kind: 'memory' | 'redis' | 'mysql'
  /** A Keyv of its own namespace. It throws when the store fails: see `memory.ts`. */
  table<T>(name: string): Keyv<T>
  /** Runs `work` while no other process runs work under the same name. Not re-entrant; keep it short. */
  exclusive<T>(name: string, work: () => Promise<T>): Promise<T>
  /** Rejects when the store does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}
