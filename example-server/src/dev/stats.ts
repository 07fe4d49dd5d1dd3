import type { FastifyInstance } from 'fastify'
import type { Auth } from 'miniprogram-session-server'

/** What this process has done since it started, under `/dev/stats`. */
export interface Stats {
  requests: number
  /** successful logins */
  logins: number
  /** codes that were sent to WeChat, refused ones included */
  codes: number
  codesRefused: number
  unauthorized: number
}

export function createStats(auth: Auth, app: string) {
  const counts: Stats = { requests: 0, logins: 0, codes: 0, codesRefused: 0, unauthorized: 0 }
  auth.on((event) => {
    if (event.type === 'login' && event.app === app) counts.logins++
    if (event.type !== 'platform' || event.call !== 'exchange' || event.app !== app) return
    counts.codes++
    if (event.errcode !== undefined || event.failed) counts.codesRefused++
  })
  return {
    counts,
    watch(server: FastifyInstance): void {
      server.addHook('onSend', (_request, reply, _payload, done) => {
        counts.requests++
        if (reply.statusCode === 401) counts.unauthorized++
        done()
      })
    },
  }
}
