import { Controller, Get, Logger, Module, Patch, Post, type INestApplication } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as forExpress from '../../src/adapters/express.ts'
import * as forFastify from '../../src/adapters/fastify.ts'
import * as forFetch from '../../src/adapters/fetch.ts'
import * as forKoa from '../../src/adapters/koa.ts'
import { CurrentSession, SessionModule, UseOptionalSession, UseSession } from '../../src/adapters/nest.ts'
import { refuse, type Auth, type Session } from '../../src/index.ts'

export interface Running {
  url: string
  close(): Promise<void>
}

/** The same app in each framework: its own routes are as plain as they come. */
export type App = (auth: Auth) => Promise<Running>

/** What users have written; a PATCH changes nothing that is looked at. */
export class Orders {
  private readonly of = new Map<string, string[]>()
  add({ user }: Session): object {
    this.of.set(user, [...(this.of.get(user) ?? []), 'tea'])
    return { items: this.list(user) }
  }
  list(user: string): string[] {
    return this.of.get(user) ?? []
  }
}

const forbid = (): never => {
  throw refuse(403, 'FORBIDDEN', 'Not for you.')
}

async function listen(listener: RequestListener): Promise<Running> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const NO_STORE = { 'cache-control': 'no-store' }

const expressApp =
  (parsesFirst: boolean): App =>
  (auth) => {
    const [app, s, orders] = [express(), forExpress.sessions(auth), new Orders()]
    app.disable('x-powered-by')
    app.use(forExpress.methodOverride())
    app.use((_request, response, next) => {
      response.set(NO_STORE)
      next()
    })
    if (parsesFirst) app.use('/api', express.json({ strict: false }))
    app.use('/api', s.routes())
    app.get('/api/me', s.required, (request, response) => void response.json({ id: auth.of(request).user }))
    app.get('/api/guest', s.optional, (request, response) => {
      response.json({ id: auth.maybeOf(request)?.user ?? null })
    })
    app.get('/api/orders', s.required, (request, response) => {
      response.json({ items: orders.list(auth.of(request).user) })
    })
    app.post('/api/orders', s.required, (request, response) => {
      response.json(orders.add(auth.of(request)))
    })
    app.patch('/api/orders', s.required, (_request, response) => void response.json({}))
    app.get('/api/admin', s.required, forbid)
    app.use(s.errors)
    return listen(app as RequestListener)
  }

const fastifyApp: App = async (auth) => {
  const orders = new Orders()
  const app = fastify({ rewriteUrl: forFastify.methodOverride(), exposeHeadRoutes: false })
  const s = forFastify.sessions(auth)
  app.setErrorHandler((error, request, reply) => s.errors(error, request, reply))
  app.addHook('onSend', async (_request, reply) => void reply.headers(NO_STORE))
  await app.register(s, { prefix: '/api' })
  const [required, optional] = [{ onRequest: app.sessionRequired }, { onRequest: app.sessionOptional }]
  app.get('/api/me', required, (request, reply) => reply.send({ id: auth.of(request).user }))
  app.get('/api/guest', optional, (request, reply) => reply.send({ id: auth.maybeOf(request)?.user ?? null }))
  app.get('/api/orders', required, (request, reply) =>
    reply.send({ items: orders.list(auth.of(request).user) }),
  )
  app.post('/api/orders', required, (request, reply) => reply.send(orders.add(auth.of(request))))
  app.patch('/api/orders', required, (_request, reply) => reply.send({}))
  app.get('/api/admin', required, forbid)
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  return { url, close: () => app.close() }
}

const koaApp: App = (auth) => {
  const [app, s, orders] = [new Koa(), forKoa.sessions(auth), new Orders()]
  const route = (text: string, ...steps: Koa.Middleware[]) =>
    app.use(async (context, next) => {
      if (`${context.method} ${context.path}` !== text) {
        await next()
        return
      }
      const run = (at: number): Promise<unknown> => Promise.resolve(steps[at]?.(context, () => run(at + 1)))
      await run(0)
    })
  app.silent = true
  app.use(forKoa.methodOverride())
  app.use((context, next) => {
    context.set(NO_STORE)
    return next()
  })
  app.use(s.errors)
  app.use(s.routes('/api'))
  route('GET /api/me', s.required, (context) => (context.body = { id: auth.of(context).user }))
  route(
    'GET /api/guest',
    s.optional,
    (context) => (context.body = { id: auth.maybeOf(context)?.user ?? null }),
  )
  route('GET /api/orders', s.required, (context) => {
    context.body = { items: orders.list(auth.of(context).user) }
  })
  route('POST /api/orders', s.required, (context) => (context.body = orders.add(auth.of(context))))
  route('PATCH /api/orders', s.required, (context) => (context.body = {}))
  route('GET /api/admin', s.required, forbid)
  const respond = app.callback()
  return listen((request, response) => {
    respond(request, response).catch(() => response.destroy())
  })
}

const honoApp: App = (auth) => {
  const [app, orders] = [new Hono(), new Orders()]
  const s = forFetch.sessions(auth, { prefix: '/api' })
  const json = (value: unknown) => Response.json(value, { headers: NO_STORE })
  const me = s.required((_request, { user }) => json({ id: user }))
  const guest = s.optional((_request, session) => json({ id: session?.user ?? null }))
  const list = s.required((_request, { user }) => json({ items: orders.list(user) }))
  const add = s.required((_request, session) => json(orders.add(session)))
  const change = s.required(() => json({}))
  const admin = s.required(forbid)
  app.get('/api/me', (context) => me(context.req.raw))
  app.get('/api/guest', (context) => guest(context.req.raw))
  app.get('/api/orders', (context) => list(context.req.raw))
  app.post('/api/orders', (context) => add(context.req.raw))
  app.patch('/api/orders', (context) => change(context.req.raw))
  app.get('/api/admin', (context) => admin(context.req.raw))
  const respond = async (given: Request): Promise<Response> => {
    const request = forFetch.methodOverride(given)
    if (request instanceof Response) return request
    return (await s.routes(request)) ?? app.fetch(request)
  }
  return listen((incoming, outgoing) => {
    toRequest(incoming)
      .then(respond)
      .then(async (response) => {
        outgoing.writeHead(response.status, [...response.headers].flat())
        outgoing.end(Buffer.from(await response.arrayBuffer()))
      })
      .catch(() => outgoing.destroy())
  })
}

/** Node's request as the one of the web: what a server such as Hono's own does. */
async function toRequest(incoming: IncomingMessage): Promise<Request> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk)
  const { method = 'GET', url = '/' } = incoming
  const hasBody = method !== 'GET' && method !== 'HEAD'
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, String(value))
  return new Request(`http://127.0.0.1${url}`, {
    method,
    headers,
    ...(hasBody ? { body: Buffer.concat(chunks) } : {}),
  })
}

/** Decorators as calls: here they are transpiled in another way than in an app. */
function nestModule(auth: Auth): new () => object {
  const orders = new Orders()
  class Routes {
    me(session: Session): object {
      return { id: session.user }
    }
    guest(session?: Session): object {
      return { id: session?.user ?? null }
    }
    list(session: Session): object {
      return { items: orders.list(session.user) }
    }
    add(session: Session): object {
      return orders.add(session)
    }
    change(): object {
      return {}
    }
    admin(): never {
      return forbid()
    }
  }
  const decorate = (name: keyof Routes, ...decorators: MethodDecorator[]): void => {
    const descriptor = Object.getOwnPropertyDescriptor(Routes.prototype, name)
    if (descriptor) for (const one of decorators) one(Routes.prototype, name, descriptor)
    CurrentSession()(Routes.prototype, name, 0)
  }
  decorate('me', Get('me'), UseSession())
  decorate('guest', Get('guest'), UseOptionalSession())
  decorate('list', Get('orders'), UseSession())
  decorate('add', Post('orders'), UseSession())
  decorate('change', Patch('orders'), UseSession())
  decorate('admin', Get('admin'), UseSession())
  Controller()(Routes)
  class Root {
    readonly name = 'app'
  }
  Module({ imports: [SessionModule.forRoot(auth)], controllers: [Routes] })(Root)
  return Root
}

const nestApp: App = async (auth) => {
  Logger.overrideLogger(false)
  const app: INestApplication = await NestFactory.create(nestModule(auth))
  app.setGlobalPrefix('api')
  app.use(forExpress.methodOverride())
  app.use(
    (_request: unknown, response: { setHeader(name: string, value: string): void }, next: () => void) => {
      response.setHeader('cache-control', 'no-store')
      next()
    },
  )
  await app.listen(0, '127.0.0.1')
  return { url: await app.getUrl(), close: () => app.close() }
}

export const APPS: Record<string, App> = {
  express: expressApp(false),
  'express after express.json()': expressApp(true),
  fastify: fastifyApp,
  koa: koaApp,
  nest: nestApp,
  'fetch (hono)': honoApp,
}
