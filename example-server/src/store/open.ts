import type { Store } from './store.ts'

/** Opens the store a URL names. Each comes with its driver, which is loaded only when it is asked for. */
export async function openStore(url: string): Promise<Store> {
  if (/^rediss?:/.test(url)) {
    const { createRedisStore } = await import('./redis.ts')
    return createRedisStore(url).catch(refused('Redis', url))
  }
  if (url.startsWith('mysql:')) {
    const { createMysqlStore } = await import('./mysql.ts')
    return createMysqlStore(url).catch(refused('MySQL', url))
  }
  const { createMemoryStore } = await import('./memory.ts')
  return createMemoryStore()
}

/** Says which store failed and where, without the password that a URL may hold. */
const refused = (name: string, url: string) => (cause: unknown) => {
  const { host } = new URL(url)
  const reason = cause instanceof Error ? cause.message || cause.name : String(cause)
  throw new Error(`The ${name} store at ${host} cannot be used: ${reason}`, { cause })
}
