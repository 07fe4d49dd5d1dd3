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

export type Script = keyof typeof SCRIPTS

export const scriptOf = (name: Script): string => PRELUDE + SCRIPTS[name]
