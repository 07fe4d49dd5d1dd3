import { createMemoryStore } from './memory.ts'
import type { Store } from './store.ts'

/** Opens the store a URL names. */
export async function openStore(url: string): Promise<Store> {
  await Promise.resolve()
  if (url === 'memory') return createMemoryStore()
  throw new Error(`STORE_URL "${url.split(':')[0] ?? ''}:" is not known: use "memory".`)
}
