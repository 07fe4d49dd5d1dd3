import { ask, atOnce, callSafely, quiet } from '../app-code'
import type { Core } from '../call/core'
import type { InfoInside } from '../call/middleware'
import { inside } from '../entry/door'
import { AbortError, type Middleware, type Response } from '../index'
import { hasNoAnswer } from '../errors'
import { INSIDE } from '../inside'
import { DEFAULTS } from '../options/defaults'
import { snapshot } from '../transport/snapshot'
import { createKeeper, type Entry, type Flight, type Keeper } from './keeper'
import { keyOf } from './key'
import { checkCache, type CacheOptions } from './options'

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
  checkCache(options)
  const { ttl, staleWhileRevalidate = 0, staleIfError = 0, max = 100, store, vary, onUpdate } = options
  const keepers = new Map<Core, Keeper>()

  function keeperOf(core: Core): Keeper {
    let keeper = keepers.get(core)
    if (!keeper) keepers.set(core, (keeper = createKeeper(core, store, max)))
    return keeper
  }

  const keeps: Middleware = (request, next, info) => {
    const { cache: wish = true } = Object(request.context) as { cache?: boolean | { ttl?: number } }
    const { core, config } = inside(info.client)
    const { auth = config.auth, method = 'GET', enableChunked, responseType } = request
    if (
      !wish ||
      info.kind !== 'request' ||
      method.toUpperCase() !== 'GET' ||
      enableChunked ||
      responseType === 'arraybuffer' ||
      auth === 'verified'
    )
      return next(request)
    const { ttl: wished, ttl: fresh = ttl } = Object(wish) as { ttl?: number }
    const key = keyOf(request, auth, config, vary ? atOnce(vary(request), 'vary') : '')
    const keeper = keeperOf(core)
    const { flights } = keeper
    const found = keeper.get(key)
    const age = found ? core.timers.wallClock() - found.at : NaN
    const isWithin = (ms: number): boolean => age >= 0 && age < fresh + ms
    // What is below is not made for an answer that is there.
    if (isWithin(0)) return Promise.resolve(copyOf(found as Entry, 'fresh'))

    /** Whether it is about whoever asks now. What was sent without a session is everybody's, but for a guest's. */
    const isMine = (flight: Flight): boolean =>
      flight.epoch === core.session.epoch &&
      flight.info[INSIDE].every(({ call: { held } }) => (!held && auth !== 'optional') || keeper.isOf(held))

    /** Asks the server. `stale`: what is given meanwhile. */
    const send = (stale?: Entry): Promise<Response> => {
      const keep = (entry?: Entry) => (): void => {
        if (!isMine(flight)) return
        keeper.keep(key, entry)
        if (entry && stale && onUpdate && textOf(entry) !== textOf(stale))
          callSafely(() => onUpdate(copyOf(entry), request), undefined)
      }

      /** Envelopes answer failures with 200: what `unwrap` refuses is none to keep, and ends what was kept before. */
      const judge = (response: Response): void => {
        const { statusCode } = response
        const entry = { at: core.timers.wallClock(), response }
        if (statusCode === 200)
          // The usual one changes nothing, and refuses nothing.
          if (config.unwrap === DEFAULTS.unwrap) keep(entry)()
          else ask(() => config.unwrap(copyOf(entry)), keep(entry), keep())
        // From 429 on it may be another matter in a moment.
        else if (statusCode >= 400 && statusCode < 429) keep()()
      }

      const settled = (response: Response | undefined, error?: unknown): Response => {
        const isNewest = flights[key] === flight
        if (isNewest) delete flights[key]
        const isFailure = response ? response.statusCode >= 500 : hasNoAnswer(error)
        const old = isFailure && isWithin(staleIfError) ? keeper.get(key) : undefined
        const told = old ? copyOf(old, 'error') : response
        if (!told) throw error
        flight.shared = snapshot(told)
        // Otherwise a newer one knows better.
        if (isNewest && !old) judge(flight.shared)
        return told
      }

      const answer = next(request).then(settled, (error: unknown) => settled(undefined, error))
      const flight: Flight = { epoch: core.session.epoch, info: info as InfoInside, answer }
      flights[key] = flight
      return answer
    }

    const join = (): Promise<Response> => {
      const flight = flights[key]
      if (!flight || flight.epoch !== core.session.epoch) return send()
      return flight.answer.then(
        () => (isMine(flight) ? snapshot(flight.shared as Response) : join()),
        (error: unknown) => {
          // The one who asked has given up, or asked for another user.
          if (error instanceof AbortError || !isMine(flight)) return join()
          throw error
        },
      )
    }

    // What is under way may have been asked before something has changed.
    if (wished === 0) return send()
    if (!isWithin(staleWhileRevalidate)) return join()
    if (!flights[key]) quiet(send(found))
    return Promise.resolve(copyOf(found as Entry, 'stale'))
  }

  return Object.assign(keeps, {
    clear(match: string | ((url: string) => boolean) = '') {
      const isMeant = (key: string): boolean => {
        const [url = ''] = key.split('\n')
        return typeof match === 'string' ? url.indexOf(match) >= 0 : match(url)
      }
      keepers.forEach((keeper) => keeper.clear(isMeant))
    },
  })
}

function textOf({ response }: Entry): string {
  return JSON.stringify(response.data)
}

/** To each its own. */
function copyOf({ response }: Entry, cached?: 'fresh' | 'stale' | 'error'): Response {
  const copy = snapshot(response)
  if (cached) copy['cached'] = cached
  return copy
}
