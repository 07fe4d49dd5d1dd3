import {
  applyDecorators,
  Catch,
  createParamDecorator,
  HttpException,
  Inject,
  Injectable,
  Module,
  UseGuards,
  type ArgumentsHost,
  type CanActivate,
  type DynamicModule,
  type ExceptionFilter,
  type ExecutionContext,
  type MiddlewareConsumer,
  type NestModule,
} from '@nestjs/common'
import { APP_FILTER } from '@nestjs/core'
import type { IncomingMessage } from 'node:http'
import type { Auth } from '../auth/auth.ts'
import { PATHS } from '../auth/handle.ts'
import type { Session } from '../auth/sessions.ts'
import { AuthError } from '../errors.ts'
import { sessions as expressSessions, type ExpressRequest } from './express.ts'
import { look, type SessionsOptions } from './lookup.ts'

/** What a provider of the app's asks for: `constructor(@Inject(AUTH) private readonly auth: Auth)`. */
export const AUTH = Symbol.for('miniprogram-session-server.auth')
const OPTIONS = Symbol.for('miniprogram-session-server.options')

export interface SessionModuleOptions extends SessionsOptions {
  /** before the routes, after the app's global prefix: `'auth'` makes POST /auth/login */
  prefix?: string
}

/** Of Express as of Fastify. */
interface Reply {
  header(name: string, value: string): unknown
  status(code: number): Reply
  send(body: unknown): unknown
  /** of Express alone, whose `header` replaces what is there; Fastify's adds cookies */
  append?(name: string, value: string): unknown
  headersSent?: boolean
  end?(): unknown
  /** of Fastify */
  sent?: boolean
  raw?: { end(): unknown }
}

/** Beside whatever headers the app has set: it may set cookies too. */
function setHeaders(reply: Reply, headers: Record<string, string>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'set-cookie' && reply.append) reply.append(name, value)
    else reply.header(name, value)
  }
}

/** The same for both, but for whether a guest may come. */
class Guard implements CanActivate {
  protected readonly kind: 'required' | 'optional' = 'required'

  constructor(
    private readonly auth: Auth<unknown>,
    private readonly options: SessionModuleOptions,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp()
    const request = http.getRequest<IncomingMessage>()
    const reply = http.getResponse<Reply>()
    const looked = await look(this.auth, this.kind, request.headers, [request], this.options)
    const { headers } = looked.refusal ?? looked
    setHeaders(reply, headers)
    if (!looked.refusal) {
      if (looked.session) found.set(request, looked.session)
      return true
    }
    const { body, status } = looked.refusal
    throw new HttpException(body as object, status)
  }
}

/** Whoever has no session is refused. */
export class SessionGuard extends Guard {}

/** Guests may come. */
export class OptionalSessionGuard extends Guard {
  protected override readonly kind = 'optional'
}

/** Of a controller or one of its routes: whoever has no session is refused. */
export const UseSession = (): MethodDecorator & ClassDecorator => applyDecorators(UseGuards(SessionGuard))

/** The same where guests may come: `@CurrentSession()` is undefined then. */
export const UseOptionalSession = (): MethodDecorator & ClassDecorator =>
  applyDecorators(UseGuards(OptionalSessionGuard))

const found = new WeakMap<object, Session<unknown>>()

/** A parameter: the session of this request. */
export const CurrentSession = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  found.get(context.switchToHttp().getRequest<object>()),
)

/** What `refuse(…)` threw in a route or service is answered as it says. */
export class SessionErrors implements ExceptionFilter {
  constructor(private readonly auth: Auth<unknown>) {}

  catch(error: AuthError, host: ArgumentsHost): void {
    const { status, headers, body } = this.auth.adapter.errorAnswer(error)
    const reply = host.switchToHttp().getResponse<Reply>()
    if (reply.headersSent || reply.sent) {
      // As Nest does itself: too late for another answer.
      if (reply.raw) reply.raw.end()
      else reply.end?.()
      return
    }
    setHeaders(reply, headers)
    reply.status(status).send(body)
  }
}
Catch(AuthError)(SessionErrors)

/** Below a global prefix, and below their own. */
const ROUTE = /\/(?:login|logout|sessions(?:\/[\w-]+)?|phone|open-data)\/?$/

/** `imports: [SessionModule.forRoot(auth, { prefix: 'auth' })]`, once, in the module of the app. */
export class SessionModule implements NestModule {
  constructor(
    private readonly auth: Auth<unknown>,
    private readonly options: SessionModuleOptions,
  ) {}

  static forRoot<Data>(auth: Auth<Data>, options: SessionModuleOptions = {}): DynamicModule {
    const shared = [
      { provide: AUTH, useValue: auth },
      { provide: OPTIONS, useValue: options },
    ]
    return {
      module: SessionModule,
      global: true,
      providers: [...shared, { provide: APP_FILTER, useFactory: () => new SessionErrors(auth) }],
      exports: [AUTH, OPTIONS],
    }
  }

  configure(consumer: MiddlewareConsumer): void {
    const prefix = (this.options.prefix ?? '').replace(/^\/*|\/*$/g, '')
    const paths = PATHS.map((path) => `${prefix}${path}`.replace(/^\//, ''))
    const pathOf = ({ originalUrl, url = '/' }: ExpressRequest): string =>
      ROUTE.exec((originalUrl ?? url).split('?', 1)[0] ?? '')?.[0] ?? '/'
    const routes = expressSessions(this.auth, this.options).routes(pathOf)
    consumer.apply(routes).forRoutes(...paths)
  }
}

Module({})(SessionModule)
for (const injected of [SessionModule, SessionGuard, OptionalSessionGuard]) {
  Injectable()(injected)
  Inject(AUTH)(injected, undefined, 0)
  Inject(OPTIONS)(injected, undefined, 1)
}
