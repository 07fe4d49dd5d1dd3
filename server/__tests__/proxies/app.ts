import express from 'express'
import fastify from 'fastify'
import { createServer, type RequestListener } from 'node:http'
import Koa from 'koa'
import * as forExpress from '../../src/adapters/express.ts'
import * as forFastify from '../../src/adapters/fastify.ts'
import * as forKoa from '../../src/adapters/koa.ts'
import type { Auth } from '../../src/index.ts'
import { gracefulShutdown, type Shutdown } from '../../src/shutdown.ts'

type Make = (auth: Auth, trusts: boolean) => RequestListener | Promise<RequestListener>

/** The same app in each framework, told of a proxy at 127.0.0.1 as the README says, or of none. */
export const FRAMEWORKS: Record<string, Make> = {
  express(auth, trusts) {
    const [app, s] = [express(), forExpress.sessions(auth)]
    if (trusts) app.set('trust proxy', '127.0.0.1')
    app.use('/api', s.routes())
    app.get('/api/me', s.required, (request, response) => void response.json({ id: auth.of(request).user }))
    return app as RequestListener
  },

  async fastify(auth, trusts) {
    const app = fastify(trusts ? { trustProxy: '127.0.0.1' } : {})
    await app.register(forFastify.sessions(auth), { prefix: '/api' })
    app.get('/api/me', { onRequest: app.sessionRequired }, (request, reply) =>
      reply.send({ id: auth.of(request).user }),
    )
    await app.ready()
    return (request, response) => app.routing(request, response)
  },

  koa(auth, trusts) {
    const [app, s] = [new Koa(), forKoa.sessions(auth)]
    if (trusts) {
      app.proxy = true
      app.maxIpsCount = 1
    }
    app.use(s.routes('/api'))
    app.use(s.required)
    app.use((context) => {
      context.body = { id: auth.of(context).user }
    })
    const respond = app.callback()
    return (request, response) => {
      respond(request, response).catch(() => response.destroy())
    }
  },
}

/** A server of the app's, which goes as the README says: `/readyz` first, and no connection with a request on it. */
export interface Instance {
  port: number
  /** Resolves with the first request that is not a proxy's own. */
  inUse: Promise<unknown>
  shutdown: Shutdown
  /** at once */
  stop(): Promise<void>
}

/** On both families, as Node does if it is not told otherwise: there an IPv4 address is written as an IPv6 one. */
export async function startInstance(listener: RequestListener, port = 0): Promise<Instance> {
  let use: () => void = () => undefined
  const inUse = new Promise<void>((resolve) => (use = resolve))
  const server = createServer((request, response) => {
    if (request.url === '/readyz') {
      response.writeHead(shutdown.isDraining ? 503 : 200).end()
      return
    }
    use()
    listener(request, response)
  })
  server.keepAliveTimeout = 65_000
  const shutdown = gracefulShutdown(server, { drainDelay: 2000, patience: 2000 })
  await new Promise<void>((resolve) => server.listen(port, '::', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    port: address.port,
    inUse,
    shutdown,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
