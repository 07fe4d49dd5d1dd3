import type { FakeWeChat } from './fake'
import type { Clock } from '../platforms/wechat'
import type { NetworkApi } from './request'

export type Raw = Record<string, unknown>

/** The callbacks that somebody has given. `complete` comes after either. */
export interface Callbacks {
  readonly succeed: (result: object) => void
  readonly fail: (failure: object) => void
}

/** A task of the fake WeChat. */
export interface Behind {
  abort(): void
  onHeadersReceived(listener: (head: Raw) => void): void
  offHeadersReceived(): void
  onProgressUpdate(listener: (progress: Raw) => void): void
  offProgressUpdate(): void
}

/** What comes of a call. */
type Told = { readonly success: Raw } | { readonly fail: Raw }
/** What a call of WeChat's is given so that another platform's answer comes of it. */
type Translation = (to: Callbacks) => Raw
type Listener = (event: Raw) => void

function callbacksOf({ success, fail, complete }: Raw): Callbacks {
  const told = (listener: unknown) => (outcome: object) => {
    try {
      if (typeof listener === 'function') (listener as Listener)(outcome as Raw)
    } finally {
      if (typeof complete === 'function') (complete as Listener)(outcome as Raw)
    }
  }
  return { succeed: told(success), fail: told(fail) }
}

const hasCallbacks = ({ success, fail, complete }: Raw): boolean => Boolean(success ?? fail ?? complete)

/** Another platform's calls on the phone and the back end of a fake WeChat. */
export function behind(phone: FakeWeChat<Clock>) {
  const wx = phone.wx as unknown as Record<string, (...given: unknown[]) => unknown>
  const relays = new Map<unknown, Listener>()

  function tell(outcome: Told, to: Callbacks): void {
    if ('fail' in outcome) to.fail(outcome.fail)
    else to.succeed(outcome.success)
  }

  return {
    tell,
    /** A call that never reaches the phone: gives a task all the same. */
    settle(given: Raw, outcome: Told): object {
      phone.clock.setTimeout(() => tell(outcome, callbacksOf(given)), 0)
      return { abort: () => undefined }
    },
    /** A network call: gives its task, or a promise where it was given no callback. */
    send(api: NetworkApi, given: Raw, translate: Translation): unknown {
      if (hasCallbacks(given))
        return wx[api]?.({ ...given, complete: undefined, ...translate(callbacksOf(given)) })
      return new Promise((succeed, fail) => {
        wx[api]?.({ ...given, complete: undefined, ...translate({ succeed, fail }) })
      })
    },
    /** Any other call with callbacks. */
    plain(name: string, options: Raw, given: Raw, translate: Translation): unknown {
      if (hasCallbacks(given)) return wx[name]?.({ ...options, ...translate(callbacksOf(given)) })
      return new Promise((succeed, fail) => {
        wx[name]?.({ ...options, ...translate({ succeed, fail }) })
      })
    },
    /** An event, in the platform's own words. */
    relayed: (name: string, translate: (event: Raw) => object) => (listener: Listener) => {
      const relay: Listener = (event) => listener(translate(event) as Raw)
      relays.set(listener, relay)
      wx[name]?.(relay)
    },
    unrelayed: (name: string) => (listener?: Listener) => wx[name]?.(listener && relays.get(listener)),
  }
}
