import type { PlatformCallbacks, PlatformFailure } from '../platforms/wechat'

/** `complete` follows `success` and `fail`, even when these throw. */
export function succeed<R>(callbacks: PlatformCallbacks<R>, result: R): void {
  try {
    callbacks.success?.(result)
  } finally {
    callbacks.complete?.(result)
  }
}

export function fail(callbacks: PlatformCallbacks<never>, failure: PlatformFailure): void {
  try {
    callbacks.fail?.(failure)
  } finally {
    callbacks.complete?.(failure)
  }
}

export function hasCallbacks(callbacks: PlatformCallbacks<never>): boolean {
  return Boolean(callbacks.success ?? callbacks.fail ?? callbacks.complete)
}

/** The promise that Taro gives beside the callbacks: it rejects with what `fail` is told. */
export function promisedAnswer(callbacks: PlatformCallbacks<object>) {
  const both: PlatformCallbacks<object> = {}
  const answer = new Promise<object>((resolve, reject) => {
    both.success = (result) => {
      resolve(result)
      succeed(callbacks, result)
    }
    const promise: PlatformCallbacks<object> = { fail: reject }
    both.fail = (failure) => {
      fail(promise, failure)
      fail(callbacks, failure)
    }
  })
  return { callbacks: both, answer }
}
