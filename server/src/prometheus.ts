import { Counter, Gauge, Histogram, register as everybodys, type Registry } from 'prom-client'
import type { Auth } from './auth/auth.ts'
import type { AuthEvent } from './auth/events.ts'

const SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5]

/** What happens, as numbers in a registry of prom-client, the app's by default. Never a user or token as a label. */
export function metrics(auth: Pick<Auth, 'on'>, registry: Registry = everybodys): () => void {
  const registers = [registry]
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name, help, labelNames, registers })
  const histogram = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Histogram({ name, help, labelNames, registers, buckets: SECONDS })

  const logins = counter('mps_logins_total', 'Logins, by what became of them', 'app', 'result')
  const shared = counter(
    'mps_shared_logins_total',
    'Logins that got the session of another at the same time',
    'app',
  )
  const lookups = counter('mps_lookups_total', 'Tokens that were looked up', 'result')
  const ended = counter('mps_sessions_ended_total', 'Sessions that somebody ended', 'why')
  const limited = counter('mps_limited_total', 'Requests that were told to wait', 'limit')
  const internal = counter('mps_internal_errors_total', 'Mistakes of the server, answered with 500')
  const platform = histogram('mps_platform_seconds', 'Calls of platforms', 'app', 'call')
  const refusals = counter(
    'mps_platform_errors_total',
    'Refused or failed calls of platforms',
    'app',
    'errcode',
  )
  const store = histogram('mps_store_seconds', 'Calls of the store', 'op')
  const up = new Gauge({ name: 'mps_store_up', help: '1 while the store answers', registers })
  up.set(1)
  const left = leftSeconds(registers)

  return auth.on((event: AuthEvent) => {
    switch (event.type) {
      case 'login':
        logins.inc({ app: event.app, result: 'ok' })
        if (!event.isNewSession) shared.inc({ app: event.app })
        break
      case 'login-refused':
        logins.inc({ app: event.app, result: event.code })
        break
      case 'lookup':
        lookups.inc({ result: event.result })
        break
      case 'ended':
        ended.inc({ why: event.why }, event.count)
        break
      case 'limited':
        limited.inc({ limit: event.limit })
        break
      case 'internal':
        internal.inc()
        break
      case 'platform':
        platform.observe({ app: event.app, call: event.call }, event.ms / 1000)
        if (event.errcode !== undefined || event.failed) {
          refusals.inc({ app: event.app, errcode: event.errcode ?? 'none' })
        }
        break
      case 'access-token':
        left(event.app, event.ms / 1000)
        break
      case 'store':
        store.observe({ op: event.operation }, event.ms / 1000)
        break
      case 'store-down':
      case 'store-up':
        up.set(event.type === 'store-up' ? 1 : 0)
        break
      case 'rotated':
      case 'store-failed':
      case 'limits-alone':
    }
  })
}

/** Counts down by itself: nothing happens until the token is asked for again. */
function leftSeconds(registers: Registry[]): (app: string, seconds: number) => void {
  const ends = new Map<string, number>()
  new Gauge({
    name: 'mps_access_token_left_seconds',
    help: 'Until the access token of an app ends, as this process has it; 0: it has none that is good',
    labelNames: ['app'],
    registers,
    collect() {
      for (const [app, end] of ends) this.set({ app }, Math.max(0, end - performance.now() / 1000))
    },
  })
  return (app, seconds) => ends.set(app, performance.now() / 1000 + seconds)
}
