import type { Events } from '../auth/events.ts'
import { within } from '../auth/within.ts'
import { StoreUnavailable } from '../errors.ts'
import { SchemaError } from './sql/database.ts'
import type { SessionStore, StoredProfile } from './store.ts'

interface Options {
  kind: string
  /** ms for one call */
  deadline: number
  events: Events
}

/** ms between two looks at a store that is down */
const PROBE = 500
/** calls at once; more only wait, and fill the memory */
const MAX_CALLS = 1000

/**
 * A store that answers in time or not at all. After a missed deadline it counts as down: everybody is told so at once,
 * and one look every half second finds out when it is back. An error of a call is told too, and does not take the store
 * down unless a look at it fails: it may be about this call alone.
 */
export function guardStore<Profile extends StoredProfile>(
  store: SessionStore<Profile>,
  options: Options,
): SessionStore<Profile> {
  const breaker = new Breaker(() => store.ping(), options)
  const call = <A extends unknown[], R>(name: string, operation: (...given: A) => Promise<R>) => {
    return (...given: A): Promise<R> => breaker.call(name, () => operation(...given))
  }
  const { shared } = store
  return {
    open: call('open', (opening) => store.open(opening)),
    find: call('find', (hash) => store.find(hash)),
    touch: call('touch', (hash, seenAt, next) => store.touch(hash, seenAt, next)),
    rotate: call('rotate', (hash, next) => store.rotate(hash, next)),
    retire: call('retire', (hash, follows, ends, now) => store.retire(hash, follows, ends, now)),
    end: call('end', (which, as, now) => store.end(which, as, now)),
    list: call('list', (user) => store.list(user)),
    account: call('account', (user, account) => store.account(user, account)),
    keepKey: call('keepKey', (user, account, key) => store.keepKey(user, account, key)),
    block: call('block', (user, block, now) => store.block(user, block, now)),
    shared: {
      get: call('get', (key, now) => shared.get(key, now)),
      put: call('put', (key, value, until, now) => shared.put(key, value, until, now)),
      lease: call('lease', (key, until, now) => shared.lease(key, until, now)),
    },
    ...(store.script ? { script: call('script', store.script.bind(store)) } : {}),
    ping: call('ping', () => store.ping()),
    async close() {
      breaker.close()
      await store.close()
    },
  }
}

export class Breaker {
  private outstanding = 0
  /** since when it is down */
  private down: number | undefined
  private refused = 0
  private probing = false
  /** what does not work though the store answers, and why: it is told once */
  private readonly failing = new Map<string, string>()
  private timer: NodeJS.Timeout | undefined

  constructor(
    private readonly ping: () => Promise<void>,
    private readonly options: Options,
  ) {}

  async call<T>(operation: string, work: () => Promise<T>): Promise<T> {
    if (this.down !== undefined || this.outstanding >= MAX_CALLS) {
      this.refused += 1
      throw new StoreUnavailable()
    }
    this.outstanding += 1
    const { events } = this.options
    const begun = events.areHeard ? performance.now() : 0
    let failed: { failed?: true } = {}
    try {
      const answer = await this.timed(work)
      if (this.failing.size > 0) this.failing.delete(operation)
      return answer
    } catch (cause) {
      failed = { failed: true }
      if (cause instanceof Late) this.fail(cause.message)
      else {
        this.tell(operation, cause)
        this.probe()
      }
      throw new StoreUnavailable({ cause })
    } finally {
      this.outstanding -= 1
      if (begun > 0) events.emit({ type: 'store', operation, ms: performance.now() - begun, ...failed })
    }
  }

  private tell(operation: string, cause: unknown): void {
    const reason = reasonOf(cause)
    if (this.failing.get(operation) === reason) return
    this.failing.set(operation, reason)
    this.options.events.emit({ type: 'store-failed', store: this.options.kind, operation, cause })
  }

  close(): void {
    clearTimeout(this.timer)
    this.probing = true
  }

  private timed<T>(work: () => Promise<T>): Promise<T> {
    const { deadline } = this.options
    return within(deadline, begin(work), () => new Late(`no answer in ${deadline} ms`))
  }

  private fail(reason: string): void {
    if (this.down === undefined) {
      this.down = performance.now()
      this.options.events.emit({ type: 'store-down', store: this.options.kind, reason })
    }
    this.later()
  }

  private later(): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.probe(), PROBE).unref()
  }

  private probe(): void {
    if (this.probing) return
    this.probing = true
    this.timed(this.ping).then(
      () => {
        this.probing = false
        this.recover()
      },
      (error: unknown) => {
        this.probing = false
        this.fail(reasonOf(error))
      },
    )
  }

  private recover(): void {
    if (this.down === undefined) return
    const ms = Math.round(performance.now() - this.down)
    const { kind, events } = this.options
    this.down = undefined
    events.emit({ type: 'store-up', store: kind, ms, refused: this.refused })
    this.refused = 0
  }
}

/** A store that throws before it gives a promise is as good as one that rejects. */
function begin<T>(work: () => Promise<T>): Promise<T> {
  try {
    return work()
  } catch (error) {
    return Promise.reject(error instanceof Error ? error : new Error(String(error)))
  }
}

class Late extends Error {}

/** Code and system call: a driver's own words may have an address with a password in them. */
function reasonOf(error: unknown): string {
  if (error instanceof Late || error instanceof SchemaError) return error.message
  const { code, syscall } = (error ?? {}) as { code?: unknown; syscall?: unknown }
  const words = [code, syscall].filter((word) => typeof word === 'string')
  return words.length > 0 ? words.join(' ') : error instanceof Error ? error.name : 'unknown'
}
