setInterval(() => {}, 1000)
import { memoryStore, createAuth, wechat, ConfigError } from '../src/index.ts'
import { redisStore } from '../src/stores/redis.ts'
import { mysqlStore } from '../src/stores/mysql.ts'
import { setUp, sleep, DAY, stateOf, fakeProvider, SECRET } from './base.ts'
process.on('unhandledRejection', (e) => console.log('!!! UNHANDLED', String(e)))
// next token idles
{
  const { auth, clock, login } = setUp({ lifetime: { idle: '7d', absolute: '30d' } })
  const t = await login('alice')
  let next: string | undefined
  for (let d = 0; d < 29; d++) { clock.advance(DAY); const s = await auth.authenticate(t); if (!s) { console.log('day', d, 'dead'); break } next = s.next?.token ?? next }
  console.log('next at day 29 is', next && (await stateOf(auth as never, next)))
}
// openid undefined
{
  const p = fakeProvider(async () => ({ openid: undefined as never }))
  const { auth } = setUp({ apps: [p], onLogin: undefined as never })
  const a = await auth.login({ code: 'a' }).catch((e) => e.code); const b = await auth.login({ code: 'b' }).catch((e) => e.code)
  console.log('openid undefined:', a, b)
}
// listener async
{
  const { auth, login } = setUp(); auth.on((async () => { throw new Error('boom') }) as never)
  await login('alice'); await sleep(10)
}
// answers mutating headers
{
  let who = 0
  const { auth, login } = setUp({ answers: (a) => { a.headers['x-who'] ??= String(++who); return a } })
  const t = await login('alice')
  const r = await auth.handle({ method: 'DELETE', path: '/sessions', headers: { authorization: `Bearer ${t}` } })
  const r2 = await auth.handle({ method: 'POST', path: '/logout', headers: {} })
  console.log('shared headers:', r?.headers, r2?.headers)
}
// endAll cookie
{
  const { auth, login } = setUp({ token: { from: { cookie: 'sid' } } })
  const t = await login('alice')
  const r = await auth.handle({ method: 'DELETE', path: '/sessions', headers: { cookie: `sid=${t}` } })
  console.log('endAll cookie:', r?.headers)
}
for (const [n, f] of Object.entries({ redisNull: () => redisStore(null as never), redisUndef: () => redisStore(undefined as never), mysqlConn: () => mysqlStore({ promise() {} } as never), wechatUndef: () => wechat(undefined as never),
  fakeWord: () => wechat({ appid: 'wx1', secret: 's', fake: 'false' as never }), slash: () => wechat({ appid: 'wx1', secret: 's', api: 'https://api.weixin.qq.com/' }),
  limitsRedis: () => ({ }) })) {
  try { const r: any = f(); console.log(n, 'mistakes', r.mistakes) } catch (e) { console.log(n, 'threw', String(e)) }
}
try { createAuth({ namespace: 'x', secrets: [SECRET], store: memoryStore(), apps: [fakeProvider()], limits: { redis: 'redis://u:pw@h' as never }, [SECRET]: 1 } as never) ; console.log('no mistake') } catch (e) { console.log((e as Error).message) }
// code cached after logout
{
  const { auth } = setUp()
  const a = await auth.login({ code: 'alice-1' }); await auth.logout(a.token)
  const b = await auth.login({ code: 'alice-1' }).catch((e) => e.code)
  console.log('same code after logout', typeof b === 'string' ? b : await stateOf(auth as never, b.token))
}
// late login opens
{
  let go: (v: string) => void = () => {}
  const { auth } = setUp({ deadline: { login: 30 }, onLogin: () => new Promise<string>((r) => (go = r)) })
  const r = await auth.login({ code: 'alice-1' }).catch((e) => e.code)
  go('alice'); await sleep(20)
  console.log('late login', r, 'sessions', (await auth.list('alice')).length)
}
// clock back
{
  const { auth, clock, provider } = setUp()
  const { Refused } = await import('../src/index.ts')
  provider.exchange = () => Promise.reject(new Refused('limit', 'no'))
  await auth.login({ code: 'a' }).catch(() => 0)
  clock.advance(-DAY)
  console.log('hold after clock back', await auth.login({ code: 'b' }).catch((e) => [e.code, e.retryAfter]))
}
// block
{
  const { auth, login } = setUp()
  await auth.block('alice', { until: new Date('x'), reason: 'r' }).then(() => console.log('blocked?'), (e) => console.log('block', String(e)))
  console.log(await login('alice').then(() => 'in', (e) => e.code))
}
// reason in the log
{
  const { logTo, Refused } = await import('../src/index.ts')
  const { auth, provider } = setUp()
  auth.on(logTo({ info: (d, t) => console.log(t, d), warn: (d, t) => console.log(t, d), error: (d, t) => console.log(t, d) }))
  provider.exchange = () => Promise.reject(new Refused('unavailable', 'WeChat gave no usable answer: TypeError ENOTFOUND getaddrinfo'))
  await auth.login({ code: 'a' }).catch(() => 0)
  provider.exchange = () => { throw new TypeError('x is not a function') }
  await auth.login({ code: 'b' }).catch(() => 0)
}
process.exit(0)
