setInterval(() => {}, 1000)
import { createClient, RESP_TYPES } from '@redis/client'
import { startDatabase } from '../__tests__/databases.ts'
import { redisStore } from '../src/stores/redis.ts'
import { setUp, sleep, stateOf } from './base.ts'
process.on('unhandledRejection', (e) => console.log('!!! UNHANDLED', String(e)))
const db = await startDatabase('redis')
try {
  const client = createClient({ url: db.url }); client.on('error', () => 0); await client.connect()
  // namespaces of limits.redis
  {
    const a = setUp({ namespace: 'production', limits: { redis: client as never, loginsPerMinute: 2 } })
    const b = setUp({ namespace: 'staging', limits: { redis: client as never, loginsPerMinute: 2 } })
    const ask = (x: typeof a, code: string) => x.auth.handle({ method: 'POST', path: '/login', headers: {}, body: { code }, address: '203.0.113.7' })
    for (let i = 0; i < 3; i++) console.log('staging', (await ask(b, 'b-' + i))?.status)
    console.log('production first', (await ask(a, 'a-1'))?.status)
  }
  // buffers
  {
    const buffers = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer })
    const x = setUp({ store: redisStore(buffers as never) })
    const t = await x.login('alice').catch((e) => e.code + String(e.cause))
    console.log('buffers', t, await stateOf(x.auth as never, t))
    const y = setUp({ store: redisStore(client as never) }); const t2 = await y.login('bob')
    console.log('good token through buffers', await stateOf(x.auth as never, t2))
  }
  // limits.redis hangs
  {
    const a = setUp({ namespace: 'hang', limits: { redis: client as never }, deadline: { store: 300, login: 500 } })
    db.signal('SIGSTOP')
    const began = Date.now()
    const r = await Promise.race([a.auth.handle({ method: 'POST', path: '/login', headers: {}, body: { code: 'a-1' }, address: '203.0.113.7' }).then((r) => r?.status), sleep(4000).then(() => 'HANGS')])
    console.log('limits.redis stopped', r, Date.now() - began)
    db.signal('SIGCONT')
  }
  client.destroy()
} finally { await db.remove() }
process.exit(0)
