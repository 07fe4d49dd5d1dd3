import KeyvRedis, { createClient } from '@keyv/redis'
import Keyv from 'keyv'
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { createLocalLock } from './lock.ts'
import { json, keyvTable, orUnavailable, unavailable, type Store } from './store.ts'

/** ms after which the lock of a process that died in the middle opens by itself */
const LOCK_LIFE = 5000
/** ms a request waits for a lock before it gives up */
const LOCK_PATIENCE = 5000
/** Deletes the lock only if it is still ours: it may have expired and be somebody else's by now. */
const UNLOCK = `if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end`

/** Redis, shared by any number of processes. */
export async function createRedisStore(url: string): Promise<Store> {
  let connected = false
  const client = createClient({
    url,
    // While Redis is away requests fail at once with a 503, instead of piling up behind a dead connection.
    disableOfflineQueue: true,
    pingInterval: 2000,
    socket: {
      connectTimeout: 5000,
      socketTimeout: 6000,
      // A server that starts with a wrong address says so and ends; one that has run waits for Redis to return.
      reconnectStrategy: (retries) => connected && Math.min(2000, 50 * 2 ** retries),
    },
  })
  // Each table listens to the connection; that many are meant.
  client.setMaxListeners(0)
  client.on('error', () => {
    // Each request that fails for it is logged, and /readyz says so.
  })
  await client.connect()
  connected = true
  const local = createLocalLock()

  async function lock(key: string, owner: string): Promise<void> {
    const patience = Date.now() + LOCK_PATIENCE
    for (;;) {
      // NX makes "nobody has it, so I do" one step for every process on this Redis.
      const taken = await orUnavailable(client.set(key, owner, { condition: 'NX', PX: LOCK_LIFE }))
      if (taken !== null) return
      if (Date.now() > patience) throw unavailable(new Error(`no lock on ${key}`))
      await wait(5 + Math.random() * 20)
    }
  }

  return {
    kind: 'redis',
    table<T>(name: string) {
      // An adapter each, since the namespace is the adapter's; all on the one connection.
      const store = new KeyvRedis<T>(client, { throwOnErrors: true })
      return keyvTable(
        new Keyv<T>({ store, namespace: name, useKeyPrefix: false, throwOnErrors: true, ...json }),
      )
    },
    // First among ourselves, so that a busy process polls Redis once per name and not once per request.
    exclusive: (name, work) =>
      local(name, async () => {
        const key = `lock::${name}`
        const owner = randomUUID()
        await lock(key, owner)
        try {
          return await work()
        } finally {
          await client.eval(UNLOCK, { keys: [key], arguments: [owner] }).catch(() => undefined)
        }
      }),
    async ping() {
      await orUnavailable(client.ping())
    },
    async close() {
      if (client.isReady) await client.close()
      else client.destroy()
    },
  }
}
