import { adapt } from './adapt'
import type { Dialect } from './dialect'
import type { Platform } from './wechat'

/** Kuaishou's `ks`, whatever typings describe it. */
export interface KuaishouObject {
  readonly request: CallableFunction
  readonly login: CallableFunction
}

/**
 * Kuaishou, as `createClient` takes it. PUT, PATCH and DELETE need the client's `methodOverride`.
 *
 * ```ts
 * const api = createClient({ platform: kuaishou(ks), baseURL: 'https://api.example.com', login: { url: '/login' } })
 * ```
 */
export function kuaishou(ks: KuaishouObject): Platform {
  return adapt(ks, KUAISHOU)
}

declare const ks: unknown

const KUAISHOU: Dialect = {
  name: 'Kuaishou',
  object: 'ks',
  login: 'login',
  // Others were refused, so that an SDK sends them as a POST (reported).
  methods: ['GET', 'POST'],
  isHere: () => typeof ks === 'object',
  // What is no 2xx fails, and has its status in the words alone (reported).
  answerIn(words) {
    // A port is none, nor is a time, nor the number of a task of iOS.
    const rest = words.replace(/\bport\W{0,2}\d+|<\d+>|\d+ ?(m?s\b|sec|milli|毫?秒|bytes)/gi, '')
    const [, status] = /(?:^|[^\w.:/-])([45]\d\d)(?![\w.:/-]|\d)/.exec(rest) || []
    return status ? { statusCode: Number(status), data: '', header: {} } : undefined
  },
  // -20001: of an unknown reason, or of the network; -20038 is the session's end (typings of games).
  noVerdict: [-20001],
}
