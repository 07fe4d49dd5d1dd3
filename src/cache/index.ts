import { atOnce, callSafely, isThenable, quiet } from '../app-code'
import type { InfoInside } from '../call/middleware'
import { inside } from '../entry/door'
import { INSIDE } from '../inside'
import type { Middleware, MiddlewareInfo, RequestError, Response } from '../index'
import { DEFAULTS } from '../options/defaults'
import { snapshot } from '../transport/snapshot'
import { Keeper, UNKNOWN, type Entry } from './keeper'
import { keyOf } from './key'
import { checkCache, ttlOf, type CacheOptions } from './options'
import type { Core } from '../call/core'

export type { CacheOptions, CacheRecord, CacheStore } from './options'

/** A middleware that keeps answers. */
export interface Cache extends Middleware {
  /** Forgets all, or what is at URLs with this in them, or at those that a function says yes to. */
  clear(match?: string | ((url: string) => boolean)): void
}

/** What one request on the wire came to, for all who ask the same. Nobody is told of it who must not be. */
interface Outcome {
  readonly response?: Response
  readonly error?: unknown
  /** The users whose sessions it went out with. */
  readonly users: readonly (string | undefined)[]
}

interface Flight {
  readonly epoch: number
  /** Asked before `clear()`: it is not kept. */
  isOld: boolean
  readonly outcome: Promise<Outcome>
}

interface Shelf {
  readonly keeper: Keeper
  /** No `Map`: what one has let go stays in memory for long where thousands come and go. */
  readonly flights: Record<string, Flight | undefined>
}

/** Where there is no answer, but no answer would be another. */
const NO_ANSWER = /^(NETWORK|OFFLINE|INTERRUPTED|TIMEOUT|LOGIN_FAILED|LOGIN_TIMEOUT)$/

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
  const shelves: [Core, Shelf][] = []

  function shelfOf(core: Core): Shelf {
    for (const [other, shelf] of shelves) if (other === core) return shelf
    const shelf = { keeper: new Keeper(core, store, max), flights: Object.create(null) as Shelf['flights'] }
    shelves.push([core, shelf])
    return shelf
  }

  const keeps: Middleware = (request, next, info) => {
    const fresh = ttlOf(request.context, ttl)
    const { core, config } = inside(info.client)
    const { auth = config.auth, method = 'GET' } = request
    if (
      fresh === false ||
      info.kind !== 'request' ||
      method.toUpperCase() !== 'GET' ||
      request['enableChunked'] === true ||
      request['responseType'] === 'arraybuffer' ||
      auth === 'verified'
    )
      return next(request)
    const key = keyOf(request, config, vary ? atOnce(vary(request), 'vary') : '')
    const shelf = shelfOf(core)
    const { keeper, flights } = shelf
    const found = keeper.whose() === UNKNOWN ? undefined : keeper.get(key)
    const age = found ? core.timers.wallClock() - found.at : Infinity
    const isWithin = (ms: number): boolean => age >= 0 && age < fresh + ms
    if (found && fresh > 0 && isWithin(0)) return Promise.resolve(copyOf(found, 'fresh'))
    if (found && fresh > 0 && isWithin(staleWhileRevalidate)) {
      if (!flights[key]) begin(found)
      return Promise.resolve(copyOf(found, 'stale'))
    }
    return join()

    function join(): Promise<Response> {
      const flight = flights[key]
      if (!flight || flight.epoch !== core.session.epoch)
        return begin(undefined).outcome.then((own) => told(own, true))
      return flight.outcome.then((shared) => {
        const user = keeper.whose()
        const isMine = flight.epoch === core.session.epoch && shared.users.every(isOf(user))
        // The one who asked has given up, or asked for another user.
        if (!isMine || codeOf(shared.error) === 'ABORTED') return join()
        return told(shared, false)
      })
    }

    /** What was sent without a session is everybody's, but for a guest's. */
    function isOf(user: unknown): (one: string | undefined) => boolean {
      return (one) => one === user || (one === undefined && auth !== 'optional')
    }

    function told({ response, error }: Outcome, isOwn: boolean): Response {
      const isFailure = response ? response.statusCode >= 500 : NO_ANSWER.test(codeOf(error))
      const old =
        isFailure && keeper.whose() !== UNKNOWN && isWithin(staleIfError) ? keeper.get(key) : undefined
      if (old) return copyOf(old, 'error')
      if (!response) throw error
      return isOwn ? response : Object.assign({}, response, { data: snapshot(response.data) })
    }

    /** Asks the server. `stale`: what was given meanwhile. */
    function begin(stale: Entry | undefined): Flight {
      const flight: Flight = {
        epoch: core.session.epoch,
        isOld: false,
        outcome: next(request).then(
          (response) => {
            const users = usersOf(info)
            end()
            judge(response, () => keep(flight, response, users, stale))
            return { response, users }
          },
          (error: unknown) => {
            end()
            return { error, users: usersOf(info) }
          },
        ),
      }
      const end = (): void => {
        if (flights[key] === flight) delete flights[key]
      }
      flights[key] = flight
      return flight
    }

    /** Envelopes answer failures with 200: what `unwrap` refuses is none to keep. */
    function judge(response: Response, accept: () => void): void {
      const { unwrap } = config
      if (response.statusCode !== 200) return
      if (unwrap === DEFAULTS.unwrap) return accept()
      try {
        const verdict = unwrap(Object.assign({}, response, { data: snapshot(response.data) }))
        if (isThenable(verdict)) quiet(verdict.then(accept))
        else accept()
      } catch {
        // Whoever asked gets to hear of it.
      }
    }

    function keep(
      flight: Flight,
      response: Response,
      users: Outcome['users'],
      stale: Entry | undefined,
    ): void {
      const user = keeper.whose()
      if (user === UNKNOWN || flight.isOld || flight.epoch !== core.session.epoch || !users.every(isOf(user)))
        return
      const entry = { at: core.timers.wallClock(), response: snapshot(response) }
      keeper.keep(key, entry)
      if (stale && onUpdate && JSON.stringify(stale.response.data) !== JSON.stringify(response.data))
        callSafely((listener) => listener(copyOf(entry), request), onUpdate)
    }
  }

  return Object.assign(keeps, {
    clear(match: string | ((url: string) => boolean) = '') {
      const isMeant = (key: string): boolean => {
        const url = key.slice(0, key.indexOf(' '))
        return typeof match === 'string' ? url.indexOf(match) >= 0 : match(url)
      }
      for (const [, { keeper, flights }] of shelves) {
        keeper.clear(isMeant)
        for (const key in flights) {
          const flight = flights[key]
          if (!flight || !isMeant(key)) continue
          flight.isOld = true
          delete flights[key]
        }
      }
    },
  })
}

function usersOf(info: MiddlewareInfo): readonly (string | undefined)[] {
  return (info as InfoInside)[INSIDE].map(({ call: { held } }) => held && held.session.id)
}

function codeOf(error: unknown): string {
  return String((Object(error) as Partial<RequestError>).code)
}

/** To each its own. */
function copyOf({ response }: Entry, cached?: 'fresh' | 'stale' | 'error'): Response {
  const copy = snapshot(response)
  if (cached) copy['cached'] = cached
  return copy
}
