import { within } from '../../auth/within.ts'

/** One connection of a pool, taken for one statement. */
export interface Lent<Connection> {
  connection: Connection
  /** back into the pool */
  release(): void
  /** it gave no answer in time, and may never: a lost network says nothing */
  destroy(): void
}

/**
 * One statement on a connection of the app's pool. Whoever waits for a connection in vain takes none later, and one that
 * missed its deadline is not used again.
 */
export async function borrow<Connection, T>(
  deadline: number,
  take: () => Promise<Lent<Connection>>,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const lent: Lent<Connection>[] = []
  let late = false
  const isLate = () => late
  async function run(): Promise<T> {
    const taken = await take()
    if (isLate()) {
      taken.release()
      throw new Error('nobody waits any more')
    }
    lent.push(taken)
    try {
      return await work(taken.connection)
    } finally {
      // One that missed its deadline was given up below.
      if (!isLate()) taken.release()
    }
  }
  return within(deadline, run(), () => {
    late = true
    for (const taken of lent) taken.destroy()
    return new Error(`no ${lent.length > 0 ? 'answer' : 'connection'} in ${deadline} ms`)
  })
}
