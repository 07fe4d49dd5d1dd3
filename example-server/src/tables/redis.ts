import { createClient } from '@redis/client'
import { redisStore } from 'miniprogram-session-server/redis'
import type { OpenStore } from '../store.ts'
import { inTime } from './in-time.ts'
import { NEWCOMER, newUserId, type Order, type Tables } from './tables.ts'

/** ms between two tries to connect again, at most */
const RECONNECT = 500

/** One step: an order that was placed with this key already, or else this one. */
const PLACE = `local known = redis.call('GET', KEYS[2])
if known then return known end
redis.call('LPUSH', KEYS[1], ARGV[1])
redis.call('SET', KEYS[2], ARGV[1], 'EX', 86400)
return ARGV[1]`

export async function openRedis(url: string): Promise<OpenStore> {
  let wasConnected = false
  const client = createClient({
    url,
    // What comes while Redis is away is refused at once, and not kept until nobody waits for it any more.
    disableOfflineQueue: true,
    socket: {
      connectTimeout: 2000,
      reconnectStrategy: (tries, cause) => (wasConnected ? Math.min(50 * 2 ** tries, RECONNECT) : cause),
    },
  })
  client.on('error', () => {
    // Each command says so, and the package's log tells when the store goes down and comes back.
  })
  await client.connect()
  wasConnected = true
  return {
    sessions: redisStore(client),
    tables: tablesOn((...words) => inTime(client.sendCommand(words))),
    async close() {
      if (client.isReady) await client.close()
      else client.destroy()
    },
  }
}

/** A user is a hash, a user's orders a list: each change is one command, and nobody's undoes another's. */
function tablesOn(send: (...words: string[]) => Promise<unknown>): Tables {
  return {
    users: {
      async idFor(account) {
        // Whoever is first gives the id.
        await send('HSETNX', 'app:ids', account, newUserId())
        const id = String(await send('HGET', 'app:ids', account))
        await send('HSETNX', `app:user:${id}`, 'nickname', NEWCOMER)
        return id
      },
      async get(id) {
        const [nickname, avatar] = (await send('HMGET', `app:user:${id}`, 'nickname', 'avatar')) as (
          string | null
        )[]
        if (typeof nickname !== 'string') return undefined
        return { id, nickname, ...(typeof avatar === 'string' ? { avatar } : {}) }
      },
      async update(id, change) {
        const fields = Object.entries(change).flat()
        if (fields.length > 0) await send('HSET', `app:user:${id}`, ...fields)
      },
      ids: async () => (await send('HVALS', 'app:ids')) as string[],
    },
    orders: {
      async place(user, order, key) {
        const list = `app:orders:${user}`
        if (key === undefined) {
          await send('LPUSH', list, JSON.stringify(order))
          return order
        }
        const kept = await send('EVAL', PLACE, '2', list, `app:placed:${user}:${key}`, JSON.stringify(order))
        return JSON.parse(String(kept)) as Order
      },
      async page(user, skip, limit) {
        const list = `app:orders:${user}`
        const [total, items] = await Promise.all([
          send('LLEN', list),
          send('LRANGE', list, String(skip), String(skip + limit - 1)),
        ])
        return {
          total: Number(total),
          items: (items as string[]).map((text) => JSON.parse(text) as Order),
        }
      },
    },
  }
}
