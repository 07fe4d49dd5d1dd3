import { createHash } from 'node:crypto'
import type { Block, NextToken, SessionStore, StoredAccount, StoredSession, StoreFactory } from './store.ts'

/** A client of node-redis (`sendCommand`) or ioredis (`call`), the app's own: no second connection is made. */
export type RedisClient =
  | { sendCommand(words: string[]): Promise<unknown> }
  | { call(command: string, ...words: string[]): Promise<unknown> }

// Redis 4 copies scripts to its replicas word by word unless it is told to copy what they did.
const PRELUDE = `
if redis.replicate_commands then redis.replicate_commands() end
local ns, now = KEYS[1], tonumber(ARGV[1])
local function load(hash)
  local text = redis.call('GET', ns .. ':s:' .. hash)
  return text and cjson.decode(text)
end
local function accountOf(user, s) return ns .. ':a:' .. user .. ':' .. redis.sha1hex(s.account) end
local function keepAccount(user, s)
  redis.call('PEXPIRE', accountOf(user, s), string.format('%.0f', math.max(1, s.absoluteEnds - now)))
end
local function alive(s) return s.idleEnds > now and s.absoluteEnds > now end
local function save(hash, s)
  local left = math.min(s.idleEnds, s.absoluteEnds) - now
  if left < 1 then left = 1 end
  redis.call('SET', ns .. ':s:' .. hash, cjson.encode(s), 'PX', string.format('%.0f', left))
end
local function index(user) return ns .. ':i:' .. user end
local function add(user, hash, ends)
  redis.call('SADD', index(user), hash)
  local left, held = ends - now, redis.call('PTTL', index(user))
  if left > held then redis.call('PEXPIRE', index(user), string.format('%.0f', left)) end
end
local function each(user, visit)
  for _, hash in ipairs(redis.call('SMEMBERS', index(user))) do
    local s = load(hash)
    if s then visit(hash, s) else redis.call('SREM', index(user), hash) end
  end
end
local function finish(user, hash, s, as)
  redis.call('HDEL', accountOf(user, s), 'recent')
  if as == 'gone' then
    redis.call('DEL', ns .. ':s:' .. hash)
    redis.call('SREM', index(user), hash)
  else
    s.ended = as
    save(hash, s)
  end
end
`

const SCRIPTS = {
  open: `
local user, hash, o = ARGV[2], ARGV[3], cjson.decode(ARGV[4])
local block = redis.call('GET', ns .. ':b:' .. user)
if block then
  local b = cjson.decode(block)
  if not b['until'] or b['until'] > now then return { 'blocked', block } end
end
local account = accountOf(user, o.session)
redis.call('HSET', account, 'openid', o.openid)
if o.sessionKey then redis.call('HSET', account, 'key', o.sessionKey) end
local text = redis.call('HGET', account, 'recent')
if text then
  local recent = cjson.decode(text)
  local s = recent['until'] > now and load(recent.hash)
  if s and not s.ended and alive(s) then
    return { 'shared', recent.sealed, string.format('%.0f', s.absoluteEnds) }
  end
end
local byId, order = {}, {}
each(user, function(other, s)
  if s.ended or not alive(s) then return end
  if not byId[s.id] then byId[s.id] = { at = s.createdAt, tokens = {} }; table.insert(order, s.id) end
  table.insert(byId[s.id].tokens, { other, s })
end)
table.sort(order, function(a, b)
  if byId[a].at == byId[b].at then return a < b end
  return byId[a].at < byId[b].at
end)
local left = o.single and 0 or o.limit - 1
for at = 1, #order - left do
  for _, token in ipairs(byId[order[at]].tokens) do
    finish(user, token[1], token[2], o.single and 'replaced' or 'gone')
  end
end
-- After finish(), which forgets what was recent.
redis.call('HSET', account, 'recent', cjson.encode({ hash = hash, sealed = o.sealed, ['until'] = o.shareUntil }))
keepAccount(user, o.session)
save(hash, o.session)
add(user, hash, o.session.absoluteEnds)
return { 'won', o.sealed, string.format('%.0f', o.session.absoluteEnds) }`,
  touch: `
local s = load(ARGV[2])
if s and s.seenAt == tonumber(ARGV[3]) and not s.ended then
  s.seenAt, s.idleEnds = tonumber(ARGV[4]), tonumber(ARGV[5])
  save(ARGV[2], s)
end`,
  rotate: `
local user, s, next = ARGV[2], load(ARGV[3]), cjson.decode(ARGV[4])
if not s or s.ended then return nil end
if not s.next then
  s.next = { sealed = next.sealed, absoluteEnds = next.session.absoluteEnds }
  save(ARGV[3], s)
  save(next.hash, next.session)
  keepAccount(user, next.session)
  add(user, next.hash, next.session.absoluteEnds)
end
return { s.next.sealed, string.format('%.0f', s.next.absoluteEnds) }`,
  retire: `
local s, old = load(ARGV[2]), load(ARGV[3])
local ends = tonumber(ARGV[4])
if s then s.follows = nil; save(ARGV[2], s) end
if old then old.absoluteEnds = math.min(old.absoluteEnds, ends); save(ARGV[3], old) end`,
  end: `
local user, id, except, as, ended, count = ARGV[2], ARGV[3], ARGV[4], ARGV[5], {}, 0
each(user, function(hash, s)
  if (id ~= '' and s.id ~= id) or s.id == except then return end
  if as ~= 'gone' and s.ended then return end
  if not s.ended and alive(s) and not ended[s.id] then ended[s.id] = true; count = count + 1 end
  finish(user, hash, s, as)
end)
return count`,
  list: `
local found = {}
each(ARGV[2], function(hash) table.insert(found, hash); table.insert(found, redis.call('GET', ns .. ':s:' .. hash)) end)
return found`,
}

type Script = keyof typeof SCRIPTS

/** Redis 4 or newer, one server or a primary with replicas; not a Cluster, for a script touches several keys. */
export function redisStore(client: RedisClient): StoreFactory {
  const isClient = typeof client === 'object' && ('sendCommand' in client || 'call' in client)
  return {
    kind: 'redis',
    mistakes: isClient ? [] : ['redisStore takes a client of node-redis or ioredis.'],
    create: (namespace) => new RedisStore(client, `mps:${namespace}`),
  }
}

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

  async ping(): Promise<void> {
    await this.send('PING')
  }

  /** The client is the app's to close. */
  close(): Promise<void> {
    return Promise.resolve()
  }

  private async run(script: Script, now: number, ...words: string[]): Promise<unknown> {
    const text = PRELUDE + SCRIPTS[script]
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
    const { client } = this
    // ioredis has a `sendCommand` too, which takes another thing.
    return 'call' in client ? client.call(command, ...words) : client.sendCommand([command, ...words])
  }
}

/** Of one length, and without letters that mean something in a key. */
const nameOf = (user: string): string => createHash('sha256').update(user).digest('base64url').slice(0, 27)

const left = (until: number, now: number): string => String(Math.max(1, Math.ceil(until - now)))
