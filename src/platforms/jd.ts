import { adapt } from './adapt'
import type { Dialect } from './dialect'
import type { Platform } from './wechat'

/** JD's `jd`, whatever typings describe it. */
export interface JdObject {
  readonly request: CallableFunction
  readonly login: CallableFunction
}

/**
 * JD, as `createClient` takes it. Some of its versions have GET and POST alone: with a `methodOverride` the others go as a POST.
 *
 * ```ts
 * const api = createClient({ platform: jdPlatform(jd), baseURL: 'https://api.example.com', login: { url: '/login' } })
 * ```
 */
export function jdPlatform(jd: JdObject): Platform {
  return adapt(jd, JD)
}

declare const jd: unknown

const JD: Dialect = {
  name: 'JD',
  object: 'jd',
  login: 'login',
  // Sources differ on the others.
  methods: ['GET', 'POST'],
  hasOthers: true,
  // An old runtime of Taro's, and others, queue what is more.
  concurrency: 5,
  hasOneSocket: true,
  isHere: () => typeof jd === 'object',
}
