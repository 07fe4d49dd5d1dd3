/** Runs work under one name one after the other, within this process. */
export function createLocalLock() {
  const tails = new Map<string, Promise<unknown>>()
  return async function exclusive<T>(name: string, work: () => Promise<T>): Promise<T> {
    const turn = (tails.get(name) ?? Promise.resolve()).then(work, work)
    tails.set(name, turn)
    try {
      return await turn
    } finally {
      if (tails.get(name) === turn) tails.delete(name)
    }
  }
}
