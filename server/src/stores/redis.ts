import { createHash } from 'node:crypto'
import { scriptOf, type Script } from './redis-scripts.ts'
import type { Block, NextToken, SessionStore, StoredAccount, StoredSession, StoreFactory } from './store.ts'

/** A client of node-redis (`sendCommand`) or ioredis (`call`), the app's own: no second connection is made. */
export type RedisClient =
  | { sendCommand(words: string[]): Promise<unknown> }
  | { call(command: string, ...words: string[]): Promise<unknown> }

/** Redis 4 or newer, one server or a primary with replicas; not a Cluster, for a script touches several keys. */
export function redisStore(client: RedisClient): StoreFactory {
  return {
    kind: 'redis',
    mistakes: isRedisClient(client) ? [] : ['redisStore takes a client of node-redis or ioredis.'],
    create: (namespace) => new RedisStore(client, `mps:${namespace}`),
  }
}

/** JavaScript's users have no types, and hand in an address or what is not set. */
export const isRedisClient = (client: unknown): client is RedisClient =>
  typeof client === 'object' && client !== null && ('sendCommand' in client || 'call' in client)

const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex')

class RedisStore implements SessionStore {
  constructor(
    private readonly client: RedisClient,
    private readonly ns: string,
  ) {}

  async open(opening: Parameters<SessionStore['open']>[0]): ReturnType<SessionStore['open']> {
    const { hash, now, session } = opening
    const answer = await this.run('open', now, nameOf(session.user), hash, JSON.stringify(opening))
    const [what, text = '', ends] = answer as string[]
    if (what === 'blocked') return { blocked: JSON.parse(text) as Block }
    return { won: what === 'won', sealed: text, absoluteEnds: Number(ends) }
  }

  async find(hash: string): Promise<StoredSession | undefined> {
    const text = await this.send('GET', `${this.ns}:s:${hash}`)
    return typeof text === 'string' ? (JSON.parse(text) as StoredSession) : undefined
  }

  async touch(hash: string, seenAt: number, next: { seenAt: number; idleEnds: number }): Promise<void> {
    await this.run('touch', next.seenAt, hash, String(seenAt), String(next.seenAt), String(next.idleEnds))
  }

  async rotate(hash: string, next: Parameters<SessionStore['rotate']>[1]): Promise<NextToken | undefined> {
    const user = nameOf(next.session.user)
    const answer = (await this.run('rotate', next.now, user, hash, JSON.stringify(next))) as string[] | null
    return answer ? { sealed: answer[0] ?? '', absoluteEnds: Number(answer[1]) } : undefined
  }

  async retire(hash: string, follows: string, ends: number, now: number): Promise<void> {
    await this.run('retire', now, hash, follows, String(ends))
  }

  async end(...[{ user, id = '', except = '' }, as, now]: Parameters<SessionStore['end']>): Promise<number> {
    return Number(await this.run('end', now, nameOf(user), id, except, as))
  }

  async list(user: string): Promise<{ hash: string; session: StoredSession }[]> {
    const found = (await this.run('list', 0, nameOf(user))) as string[]
    return found.flatMap((hash, index) =>
      index % 2 === 0 ? [{ hash, session: JSON.parse(found[index + 1] ?? '{}') as StoredSession }] : [],
    )
  }

  async account(user: string, account: string): Promise<StoredAccount | undefined> {
    const key = `${this.ns}:a:${nameOf(user)}:${sha1(account)}`
    const [openid, sessionKey] = (await this.send('HMGET', key, 'openid', 'key')) as (string | null)[]
    if (typeof openid !== 'string') return undefined
    return { openid, ...(typeof sessionKey === 'string' ? { sessionKey } : {}) }
  }

  async keepKey(user: string, account: string, sessionKey: string): Promise<void> {
    const key = `${this.ns}:a:${nameOf(user)}:${sha1(account)}`
    // One that has ended meanwhile must not come back without an end.
    const text = "if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HSET', KEYS[1], 'key', ARGV[1]) end"
    await this.send('EVAL', text, '1', key, sessionKey)
  }

  async block(user: string, block: Block | null, now: number): Promise<void> {
    const key = `${this.ns}:b:${nameOf(user)}`
    if (!block) await this.send('DEL', key)
    else if (block.until === undefined) await this.send('SET', key, JSON.stringify(block))
    else await this.send('SET', key, JSON.stringify(block), 'PX', left(block.until, now))
  }

  readonly shared = {
    get: async (key: string, now: number): Promise<string | undefined> => {
      const text = await this.send('GET', `${this.ns}:t:${key}`)
      if (typeof text !== 'string') return undefined
      const { value, until } = JSON.parse(text) as { value: string; until: number }
      return until > now ? value : undefined
    },
    put: async (key: string, value: string, until: number, now: number): Promise<void> => {
      await this.send('SET', `${this.ns}:t:${key}`, JSON.stringify({ value, until }), 'PX', left(until, now))
    },
    lease: async (key: string, until: number, now: number): Promise<boolean> =>
      (await this.send('SET', `${this.ns}:l:${key}`, '1', 'PX', left(until, now), 'NX')) !== null,
  }

  script(text: string, key: string, words: string[]): Promise<unknown> {
    return this.send('EVAL', text, '1', `${this.ns}:n:${key}`, ...words)
  }

  async ping(): Promise<void> {
    await this.send('PING')
  }

  /** The client is the app's to close. */
  close(): Promise<void> {
    return Promise.resolve()
  }

  private async run(script: Script, now: number, ...words: string[]): Promise<unknown> {
    const text = scriptOf(script)
    const rest = ['1', this.ns, String(now), ...words]
    try {
      return await this.send('EVALSHA', sha1(text), ...rest)
    } catch (error) {
      // A server that was restarted or flushed knows no scripts.
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
      return this.send('EVAL', text, ...rest)
    }
  }

  private send(command: string, ...words: string[]): Promise<unknown> {
    return send(this.client, command, ...words)
  }
}

/** ioredis has a `sendCommand` too, which takes another thing. */
export async function send(client: RedisClient, command: string, ...words: string[]): Promise<unknown> {
  return texts(
    await ('call' in client ? client.call(command, ...words) : client.sendCommand([command, ...words])),
  )
}

/** A client may be set to give bytes: taken for "nothing there" they would log everybody out. */
const texts = (reply: unknown): unknown =>
  Buffer.isBuffer(reply) ? reply.toString('utf8') : Array.isArray(reply) ? reply.map(texts) : reply

/** Of one length, and without letters that mean something in a key. */
const nameOf = (user: string): string => createHash('sha256').update(user).digest('base64url').slice(0, 27)

const left = (until: number, now: number): string => String(Math.max(1, Math.ceil(until - now)))
