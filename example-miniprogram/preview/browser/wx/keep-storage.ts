import type { FakeStorage } from 'miniprogram-session/testing'

/** A host of pages has one storage for all that lie on it. */
const PREFIX = 'miniprogram-session:wx:'

/** Lets the phone's storage outlive a reload: what is written goes to the browser's own, too. */
export function keepStorage(storage: FakeStorage): FakeStorage {
  for (const name of Object.keys(localStorage)) {
    const text = name.startsWith(PREFIX) ? localStorage.getItem(name) : null
    if (text !== null) take(name, text)
  }
  /** What cannot be read is not there: somebody else may have written it. */
  function take(name: string, text: string): void {
    try {
      storage.set(name.slice(PREFIX.length), JSON.parse(text) as unknown)
    } catch {
      localStorage.removeItem(name)
    }
  }

  const { device } = storage
  return {
    ...storage,
    device: {
      get used() {
        return device.used
      },
      limit: device.limit,
      read: (...call) => device.read(...call),
      write(...call) {
        const outcome = device.write(...call)
        const [key, value] = call
        localStorage.setItem(PREFIX + key, JSON.stringify(value))
        return outcome
      },
      remove(...call) {
        const outcome = device.remove(...call)
        localStorage.removeItem(PREFIX + call[0])
        return outcome
      },
    },
    clear() {
      for (const key of storage.keys()) localStorage.removeItem(PREFIX + key)
      storage.clear()
    },
  }
}
