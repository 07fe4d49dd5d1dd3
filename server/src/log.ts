import type { AuthEvent } from './auth/events.ts'

type Level = 'info' | 'warn' | 'error'

/** What pino, winston's cousins and `console` have in common. */
export type LogWriter = Record<Level, (details: object, text: string) => void>

/**
 * What an operator must know, a line each: what changes state, each failed login, and mistakes of the app's with their
 * stack; nothing of what goes well. `auth.on(logTo(pino))`. No token, key, secret or openid is in it, and no address of a
 * platform.
 */
export function logTo(writer: LogWriter): (event: AuthEvent) => void {
  return (event) => {
    const line = lineOf(event)
    if (line) writer[line.level]({ ...line.details, event: event.type }, line.text)
  }
}

/** `auth.on(logTo(consoleWriter))`: without a logger. */
export const consoleWriter: LogWriter = {
  info: (details, text) => console.info(text, details),
  warn: (details, text) => console.warn(text, details),
  error: (details, text) => console.error(text, details),
}

const HAS_ADDRESS = /\w+:\/\//

interface Line {
  level: Level
  text: string
  details?: object
}

function lineOf(event: AuthEvent): Line | undefined {
  switch (event.type) {
    case 'store-down':
      return { level: 'error', text: `store down: ${event.store}, ${event.reason}` }
    case 'store-up': {
      const seconds = (event.ms / 1000).toFixed(1)
      return {
        level: 'warn',
        text: `store up: ${event.store}, after ${seconds} s, ${event.refused} calls refused`,
      }
    }
    case 'store-failed':
      return {
        level: 'warn',
        text: `store: ${event.operation} failed`,
        details: { err: causeOf(event.cause) },
      }
    case 'login-refused': {
      const { app, code, status, kind, errcode, rid, ms, cause } = event
      return {
        level: status >= 500 ? 'error' : 'warn',
        text: `login refused: ${app}, ${code}${errcode === undefined ? why(event) : `, errcode ${errcode}`}`,
        details: {
          app,
          code,
          status,
          kind,
          errcode,
          rid,
          ms,
          ...(cause === undefined ? {} : { err: causeOf(cause) }),
        },
      }
    }
    case 'internal':
      return {
        level: 'error',
        text: 'a mistake of the server was answered with 500',
        details: { err: causeOf(event.cause) },
      }
    case 'platform':
      if (event.call === 'exchange' || (event.errcode === undefined && !event.failed)) return undefined
      return {
        level: 'warn',
        text: `${event.app}: ${event.call} ${event.failed ? `failed${why(event)}` : `refused with errcode ${event.errcode}`}`,
        details: { ms: event.ms },
      }
    case 'limits-alone':
      return { level: 'warn', text: 'limits count in this process alone: their store does not answer' }
    case 'ended':
      if (event.why === 'logout') return undefined
      return {
        level: 'info',
        text: `${event.count} sessions ended: ${event.why}`,
        details: { user: event.user },
      }
    case 'login':
    case 'access-token':
    case 'lookup':
    case 'rotated':
    case 'limited':
    case 'store':
      return undefined
  }
}

/** Words of a provider of the app's may have an address in them, with a secret. */
const why = ({ reason = '' }: { reason?: string }): string =>
  reason === '' || HAS_ADDRESS.test(reason) ? '' : `, ${reason}`

/**
 * Enough to find it: what kind of error, its code, which call, where in the app. Its words only if it is the app's own:
 * a driver's or fetch's may have an address in them, with a password or a secret.
 */
export function causeOf(error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error }
  const given = error as Error & { code?: unknown; syscall?: unknown; cause?: unknown }
  const isOutside = given.code !== undefined || given.syscall !== undefined || HAS_ADDRESS.test(error.message)
  const stack = error.stack?.split('\n').filter((line) => /^\s+at /.test(line))
  return {
    name: error.name,
    ...(isOutside ? {} : { message: error.message }),
    ...(typeof given.code === 'string' ? { code: given.code } : {}),
    ...(typeof given.syscall === 'string' ? { syscall: given.syscall } : {}),
    ...(depth === 0 && stack ? { stack: stack.slice(0, 12).join('\n') } : {}),
    ...(given.cause instanceof Error && depth < 3 ? { cause: causeOf(given.cause, depth + 1) } : {}),
  }
}
