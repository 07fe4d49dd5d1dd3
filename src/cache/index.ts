import { ask, atOnce, callSafely, quiet } from '../app-code'
import type { Core } from '../call/core'
import type { InfoInside } from '../call/middleware'
import { inside } from '../entry/door'
import { AbortError, type Middleware, type Response } from '../index'
import { hasNoAnswer } from '../errors'
import { INSIDE } from '../inside'
import { DEFAULTS } from '../options/defaults'
import { check } from '../options/rules'
import { isBuffer, snapshot } from '../transport/snapshot'
import { createKeeper, type Entry, type Flight, type Keeper } from './keeper'
import { keyOf } from './key'
import { RULES, type CacheOptions } from './options'

export type { CacheOptions, CacheRecord, CacheStore } from './options'

/** A middleware that keeps answers. */
export interface Cache extends Middleware {
  /** Forgets all, or what is at URLs with this in them, or at those that a function says yes to. */
  clear(match?: string | ((url: string) => boolean)): void
}

/**
 * Keeps the answers to GETs, for the user who got them.
 *
 * ```ts
 * createClient({ baseURL, login, use: [cache({ ttl: 60_000, staleWhileRevalidate: 86_400_000 })] })
 * ```
 */
export function cache(options: CacheOptions): Cache {
  // `null` stands for what is missing and must not be.
  check(Object.assign({ ttl: null }, options), RULES, 'cache: ', true)
  const { ttl, staleWhileRevalidate = 0, staleIfError = 0, max = 100, store, vary, onUpdate } = options
  const keepers = new Map<Core, Keeper>()
  /** Nor is what is in the store wanted by whoever comes later. */
  let hasCleared = false

  function open(core: Core): Keeper {
    const keeper = createKeeper(core, store, max)
    keepers.set(core, keeper)
    if (hasCleared) keeper.clear(() => true)
    return keeper
  }

  const keeps: Middleware = (request, next, info) => {
    const { cache: wish = true } = Object(request.context) as { cache?: boolean | { ttl?: number } }
    const { core, config } = inside(info.client)
    const { auth = config.auth, method = 'GET', data, enableChunked, responseType } = request
    if (
      !wish ||
      info.kind !== 'request' ||
      method.toUpperCase() !== 'GET' ||
      enableChunked ||
      responseType === 'arraybuffer' ||
      (typeof data === 'object' && (ArrayBuffer.isView(data) || isBuffer(data))) ||
      auth === 'verified'
    )
      return next(request)
    const { ttl: wished, ttl: fresh = ttl } = Object(wish) as { ttl?: number }
    const key = keyOf(request, auth, config, vary && atOnce(vary(request), 'vary'))
    const keeper = keepers.get(core) || open(core)
    const { flights } = keeper
    const found = keeper.get(key)
    const age = found ? core.timers.wallClock() - found.at : NaN
    const isWithin = (ms: number): boolean => age >= 0 && age < fresh + ms
    // What is below is not made for an answer that is there.
    if (isWithin(0)) return Promise.resolve(copyOf(found as Entry, 'fresh'))

    /** Whether it is about whoever asks now. What was sent without a session is everybody's, but for a guest's. */
    const isMine = ({ epoch, info }: Flight): boolean =>
      epoch === core.session.epoch &&
      info[INSIDE].every(({ call: { held } }) => (!held && auth !== 'optional') || keeper.isOf(held))

    /** One that has not been answered: to judge it may take for ever, `unwrap` is the app's. */
    const underWay = (): Flight | false | undefined => {
      const flight = flights[key]
      return flight && !flight.shared && isMine(flight) && flight
    }

    /** Asks the server. `hear`: of an answer that is not the one which was found. */
    const send = (hear?: CacheOptions['onUpdate']): Promise<Response> => {
      /** When it was answered. */
      let at: number
      /** False: another was sent since, or all was cleared. */
      const end = (): boolean => flights[key] === flight && delete flights[key]

      const keep = (response?: Response) => (): void => {
        if (!end() || !isMine(flight)) return
        keeper.keep(key, response, at)
        if (
          response &&
          hear &&
          JSON.stringify(response.data) !== JSON.stringify((found as Entry).response.data)
        )
          callSafely((copy) => hear(copy, request), snapshot(response))
      }

      const settled = (response: Response | undefined, error?: unknown): Response => {
        const status = response ? response.statusCode : hasNoAnswer(error) ? 599 : 0
        const old = status >= 500 && isWithin(staleIfError) && isMine(flight) && keeper.get(key)
        const told = old ? copyOf(old, 'error') : response
        const shared = (flight.shared = snapshot(told))
        at = core.timers.wallClock()
        // Envelopes answer failures with 200: what `unwrap` refuses is none to keep, and ends what was kept before.
        if (status === 200)
          // The usual one refuses nothing.
          if (config.unwrap === DEFAULTS.unwrap) keep(shared)()
          else ask(() => config.unwrap(snapshot(shared as Response)), keep(shared), keep())
        // From 429 on it may be another matter in a moment.
        else if (status >= 400 && status < 429) keep()()
        else end()
        if (!told) throw error
        return told
      }

      const answer = next(request).then(settled, (error: unknown) => settled(undefined, error))
      const flight: Flight = { info: info as InfoInside, epoch: core.session.epoch, answer }
      flights[key] = flight
      return answer
    }

    const join = (): Promise<Response> => {
      const flight = underWay()
      if (!flight) return send()
      const told = (outcome: unknown): Response | Promise<Response> => {
        // The one who asked has given up, or asked for another user.
        if (!isMine(flight) || outcome instanceof AbortError) return join()
        if (flight.shared) return snapshot(flight.shared)
        throw outcome
      }
      return flight.answer.then(told, told)
    }

    // What is under way may have been asked before something has changed.
    if (wished === 0) return send()
    if (!isWithin(staleWhileRevalidate)) return join()
    if (!underWay()) quiet(send(onUpdate))
    return Promise.resolve(copyOf(found as Entry, 'stale'))
  }

  return Object.assign(keeps, {
    clear(match: string | ((url: string) => boolean) = '') {
      const isMeant = typeof match === 'string' ? (url: string) => url.indexOf(match) >= 0 : match
      keepers.forEach((keeper) => keeper.clear(isMeant))
      hasCleared = true
    },
  })
}

/** To each its own. */
function copyOf({ response }: Entry, cached: 'fresh' | 'stale' | 'error'): Response {
  const copy = snapshot(response)
  copy['cached'] = cached
  return copy
}
