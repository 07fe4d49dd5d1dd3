import type { StoreFactory } from 'miniprogram-session-server'
import { memoryStore } from 'miniprogram-session-server'
import { memoryTables } from './tables/memory.ts'
import type { Tables } from './tables/tables.ts'

/** One database: the package's sessions in it, and this app's own tables. */
export interface OpenStore {
  sessions: StoreFactory
  tables: Tables
  close(): Promise<void>
}

/** Opens what a URL names. Each comes with its driver, which is loaded only when it is asked for. */
export async function openStore(url: string): Promise<OpenStore> {
  try {
    if (/^rediss?:/.test(url)) return await (await import('./tables/redis.ts')).openRedis(url)
    if (url.startsWith('mysql:')) return await (await import('./tables/mysql.ts')).openMysql(url)
  } catch (cause) {
    throw new Error(`The store at ${addressOf(url)} cannot be used: ${reasonOf(cause)}`, { cause })
  }
  return { sessions: memoryStore(), tables: memoryTables(), close: () => Promise.resolve() }
}

/** Without user and password. */
export function addressOf(url: string): string {
  if (!URL.canParse(url)) return url === 'memory' ? url : 'an address that is none'
  const { protocol, host } = new URL(url)
  return `${protocol}//${host}`
}

/** What is refused at several addresses of one name has no words of its own, but its parts have. */
const reasonOf = (cause: unknown): string =>
  cause instanceof AggregateError
    ? cause.errors.map(reasonOf).join(', ')
    : cause instanceof Error
      ? cause.message || cause.name
      : String(cause)
