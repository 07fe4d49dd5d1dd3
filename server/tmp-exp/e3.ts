setInterval(() => {}, 1000)
import { createServer } from 'node:http'
import { connect } from 'node:net'
import Koa from 'koa'
import fastify from 'fastify'
import * as K from '../src/adapters/koa.ts'
import * as F from '../src/adapters/fastify.ts'
import * as W from '../src/adapters/fetch.ts'
import { gracefulShutdown } from '../src/shutdown.ts'
import { createAuth, memoryStore, wechat } from '../src/index.ts'
import { setUp, sleep, DAY, SECRET } from './base.ts'
process.on('unhandledRejection', (e) => console.log('!!! UNHANDLED', String(e)))
// koa abort mid body
{
  const { auth } = setUp(); const ev: unknown[] = []; auth.on((e) => { if (e.type === 'internal') ev.push(String(e.cause)) })
  const app = new Koa(); app.silent = true; app.use(K.sessions(auth).routes('/api'))
  const srv = app.listen(0); const p = (srv.address() as any).port
  const c = connect(p, '127.0.0.1'); c.write('POST /api/login HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{'); await sleep(50); c.destroy(); await sleep(100)
  console.log('koa abort events', ev); srv.close(); srv.closeAllConnections()
}
// fastify abort mid body, default HEAD, no content type, app hook error
{
  const { auth, login } = setUp(); const ev: unknown[] = []; auth.on((e) => { if (e.type === 'internal') ev.push(String(e.cause)) })
  const app = fastify(); await app.register(F.sessions(auth), { prefix: '/api' })
  app.get('/me', { onRequest: app.sessionRequired }, () => 'x')
  await app.listen({ port: 0 }); const p = (app.server.address() as any).port
  const c = connect(p, '127.0.0.1'); c.write('POST /api/login HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\ncontent-type: application/json\r\n\r\n{'); await sleep(50); c.destroy(); await sleep(100)
  console.log('fastify abort events', ev)
  const t = await login('alice')
  for (const [m, u, h] of [['HEAD', '/api/sessions', { authorization: `Bearer ${t}` }], ['HEAD', '/me', {}], ['OPTIONS', '/api/login', {}], ['GET', '/api/login/', {}], ['POST', '/api/sessions/%2e', {}]] as const) {
    const r = await app.inject({ method: m, url: u, headers: h as never }); console.log('fastify', m, u, r.statusCode, r.body)
  }
  const raw = (txt: string) => new Promise<string>((ok) => { const c = connect(p, '127.0.0.1'); let o = ''; c.on('data', (d) => (o += d)); c.on('close', () => ok(o.split('\r\n')[0] + ' ' + o.split('\r\n\r\n')[1])); c.on('error', () => 0); c.write(txt); setTimeout(() => c.end(), 200) })
  console.log('no content type:', await raw('POST /api/login HTTP/1.1\r\nhost: x\r\ncontent-length: 14\r\n\r\n{"code":"a-1"}'))
  console.log('bad content type:', await raw('POST /api/login HTTP/1.1\r\nhost: x\r\ncontent-type: ;;\r\ncontent-length: 14\r\n\r\n{"code":"a-1"}'))
  await app.close()
  const app2 = fastify(); app2.setErrorHandler((e: any, q, r) => r.code(e.statusCode ?? 500).send({ mine: e.message }))
  app2.addHook('onRequest', async (q) => { if (q.headers['x-limit']) throw Object.assign(new Error('slow down'), { statusCode: 429, code: 'LIMITED' }); if (q.headers['x-bug']) throw new Error('bug') })
  await app2.register(F.sessions(auth), { prefix: '/api' })
  for (const h of ['x-limit', 'x-bug']) { const r = await app2.inject({ method: 'POST', url: '/api/login', headers: { [h]: '1' }, payload: { code: 'a-1' } }); console.log('fastify hook error', h, r.statusCode, r.body) }
}
// shutdown with upgraded socket
{
  const srv = createServer((q, r) => r.end('x')); srv.on('upgrade', (q, sock) => { sock.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n') })
  await new Promise<void>((r) => srv.listen(0, r)); const p = (srv.address() as any).port
  const c = connect(p, '127.0.0.1'); c.on('error', () => 0); c.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'); await sleep(50)
  const s = gracefulShutdown(srv, { patience: 100 })
  console.log('shutdown with upgraded socket:', await Promise.race([s.shutDown().then(() => 'done'), sleep(1500).then(() => 'HANGS')])); c.destroy()
}
// fetch: big body, used body, 101, abort
{
  const { auth, clock, login } = setUp({ lifetime: { idle: '30d' } }); const s = W.sessions(auth, { prefix: '/api' })
  let read = 0
  const big = new ReadableStream({ pull(c) { read += 65536; if (read > 50_000_000) c.close(); else c.enqueue(new Uint8Array(65536)) } })
  const r = await s.routes(new Request('http://h/api/login', { method: 'POST', body: big, duplex: 'half' } as never)); console.log('fetch big', r?.status, 'read', read)
  const used = new Request('http://h/api/login', { method: 'POST', body: '{"code":"a-1"}' }); await used.json()
  console.log('fetch used', await s.routes(used).then((r) => r?.status, (e) => String(e)))
  const broken = new ReadableStream({ pull() { throw new Error('gone') } })
  console.log('fetch broken', await s.routes(new Request('http://h/api/login', { method: 'POST', body: broken, duplex: 'half' } as never)).then((r) => r?.status, (e) => String(e)))
  const t = await login('alice'); clock.advance(16 * DAY)
  const up = s.required(() => { const r = new Response(null); Object.defineProperty(r, 'status', { value: 101 }); return r })
  console.log('fetch 101', await up(new Request('http://h/ws', { headers: { authorization: `Bearer ${t}` } })).then((r) => r.status, (e) => String(e)))
  const er = s.required(() => Response.error())
  console.log('fetch Response.error', await er(new Request('http://h/ws', { headers: { authorization: `Bearer ${t}` } })).then((r) => r.status, (e) => String(e)))
}
// wechat 502 sockets
{
  let conns = 0; const srv = createServer((q, r) => { r.statusCode = 502; r.end('x'.repeat(400_000)) }); srv.on('connection', (c) => { conns++; c.on('close', () => conns--) })
  await new Promise<void>((r) => srv.listen(0, '127.0.0.1', r)); const p = (srv.address() as any).port
  const auth = createAuth({ namespace: 'x', secrets: [SECRET], store: memoryStore(), apps: [wechat({ appid: 'wx1', secret: 's', api: `http://127.0.0.1:${p}`, fake: true })] })
  for (let i = 0; i < 40; i++) await auth.login({ code: 'c' + i }).catch(() => 0)
  console.log('open connections to wechat after 40 sequential 502s:', conns); srv.close(); srv.closeAllConnections()
}
// wechat with slash
{
  const urls: string[] = []; const srv = createServer((q, r) => { urls.push(q.url!.split('?')[0]!); r.end('{"openid":"o"}') })
  await new Promise<void>((r) => srv.listen(0, '127.0.0.1', r)); const p = (srv.address() as any).port
  const auth = createAuth({ namespace: 'x', secrets: [SECRET], store: memoryStore(), apps: [wechat({ appid: 'wx1', secret: 's', api: `http://127.0.0.1:${p}/`, fake: true })] })
  await auth.login({ code: 'c' }).catch(() => 0); console.log('slash', urls); srv.close()
}
process.exit(0)
