import { StoreUnavailable } from 'miniprogram-session-server'

/** ms for one answer of the database, as in the package: whoever waits longer is told to come back */
const PATIENCE = 2000

/** What a database answers, or a 503. A driver's own error is for the log. */
export async function inTime<T>(answer: Promise<T>, tooLate: () => void = () => undefined): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      tooLate()
      reject(new Error(`no answer in ${PATIENCE} ms`))
    }, PATIENCE)
  })
  try {
    return await Promise.race([answer, late])
  } catch (cause) {
    throw new StoreUnavailable({ cause })
  } finally {
    clearTimeout(timer)
  }
}
