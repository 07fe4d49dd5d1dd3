import Keyv from 'keyv'
import { createLocalLock } from './lock.ts'
import { keyvTable, type Store } from './store.ts'

/** A Map that forgets: Keyv drops an expired entry only when it is asked for, and most never are again. */
class ForgettingMap extends Map<string, unknown> {
  private readonly deadlines = new Map<string, number>()

  override set(key: string, value: unknown, ttl?: number): this {
    if (ttl === undefined) this.deadlines.delete(key)
    else this.deadlines.set(key, Date.now() + ttl)
    return super.set(key, value)
  }

  override delete(key: string): boolean {
    this.deadlines.delete(key)
    return super.delete(key)
  }

  override clear(): void {
    this.deadlines.clear()
    super.clear()
  }

  sweep(): void {
    const now = Date.now()
    for (const [key, deadline] of this.deadlines) if (deadline <= now) this.delete(key)
  }
}

/** Zero set-up, one process, gone with it. The default. */
export function createMemoryStore(): Store {
  const maps = new Map<string, ForgettingMap>()
  const sweeper = setInterval(() => {
    for (const map of maps.values()) map.sweep()
  }, 60_000).unref()

  return {
    kind: 'memory',
    table<T>(name: string) {
      const map = maps.get(name) ?? new ForgettingMap()
      maps.set(name, map)
      const keyv = new Keyv<T>({ store: map, throwOnErrors: true })
      // Values stay the objects they are: a look-up is twice as fast, and nobody changes a value it has read.
      keyv.serialize = undefined
      keyv.deserialize = undefined
      return keyvTable(keyv)
    },
    exclusive: createLocalLock(),
    ping: () => Promise.resolve(),
    close() {
      clearInterval(sweeper)
      return Promise.resolve()
    },
  }
}
