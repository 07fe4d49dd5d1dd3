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
  const taken = take()
  let isTooLate = false
  const lent = await within(deadline, taken, () => {
    isTooLate = true
    return new Error(`no connection in ${deadline} ms`)
  }).catch((error: unknown) => {
    if (isTooLate)
      taken.then(
        (late) => late.release(),
        () => undefined,
      )
    throw error
  })
  try {
    const result = await within(
      deadline,
      work(lent.connection),
      () => new Lost(`no answer in ${deadline} ms`),
    )
    lent.release()
    return result
  } catch (error) {
    if (error instanceof Lost) lent.destroy()
    else lent.release()
    throw error
  }
}

class Lost extends Error {}
