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
