// express: headers sent, answers throwing, upload 401
import express from 'express'
import http from 'node:http'
import { sessions } from '../src/adapters/express.ts'
import { memoryStore } from '../src/index.ts'
import { setUp, sleep } from './base.ts'
process.env.NODE_ENV='test'
process.on('unhandledRejection', (e) => console.log('!!! UNHANDLED', String(e)))
process.on('uncaughtException', (e) => console.log('!!! UNCAUGHT', String(e)))
const factory = memoryStore()
const slow = { ...factory, create(ns: string) { const s = factory.create(ns); return Object.assign(s, { find: () => new Promise(() => {}), ping: () => new Promise(() => {}) }) } }
const { auth } = setUp({ store: slow as never, deadline: { store: 200 } })
const app = express()
app.use((req, res, next) => { setTimeout(() => { if (!res.headersSent) res.status(503).end('timeout') }, 50); next() })
const s = sessions(auth)
app.get('/me', s.required, (req, res) => void res.json({}))
const srv = app.listen(0)
const port = (srv.address() as any).port
const r = await fetch(`http://127.0.0.1:${port}/me`, { headers: { authorization: 'Bearer mps_' + 'A'.repeat(43) } })
console.log('timeout answer', r.status)
await sleep(400)
srv.close(); srv.closeAllConnections()

// answers throws
{
  const { auth } = setUp({ answers: () => { throw new Error('style') } })
  const app = express(); app.use('/api', sessions(auth).routes())
  app.use((e: any, _q: any, r: any, _n: any) => r.status(500).end('app error'))
  const srv = app.listen(0)
  const p = (srv.address() as any).port
  const c = new AbortController(); setTimeout(() => c.abort(), 1500)
  console.log('answers throws:', await fetch(`http://127.0.0.1:${p}/api/login`, { method: 'POST', body: '{"code":"a-1"}', headers: { 'content-type': 'application/json' }, signal: c.signal }).then((r) => r.status, (e) => String(e)))
  srv.close(); srv.closeAllConnections()
}
// upload with dead token
for (const size of [100_000, 2_000_000, 30_000_000]) {
  const { auth } = setUp()
  const app = express(); const s = sessions(auth)
  app.post('/up', s.required, (q, r) => void r.end('ok'))
  app.post('/plain', (q, r) => void r.status(401).end('plain'))
  const srv = app.listen(0)
  const p = (srv.address() as any).port
  for (const path of ['/up', '/plain']) {
    const out: Record<string, number> = {}
    for (let i = 0; i < 10; i++) {
      const res = await new Promise<string>((ok) => {
        const q = http.request({ port: p, host: '127.0.0.1', path, method: 'POST', headers: { authorization: 'Bearer x', 'content-length': size } }, (r) => { r.resume(); r.on('end', () => ok(String(r.statusCode))); r.on('error', (e: any) => ok('resp ' + e.code)) })
        q.on('error', (e: any) => ok(e.code))
        const chunk = Buffer.alloc(16384)
        let sent = 0
        const push = () => { if (sent >= size || q.destroyed) { q.end(); return } const n = Math.min(chunk.length, size - sent); sent += n; q.write(chunk.subarray(0, n), () => setImmediate(push)) }
        push()
      })
      out[res] = (out[res] ?? 0) + 1
    }
    console.log('upload', size, path, out)
  }
  srv.close(); srv.closeAllConnections()
}
process.exit(0)
