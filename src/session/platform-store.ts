import { quiet } from '../app-code'
import { DEFAULTS } from '../options/defaults'
import type { SessionStore } from '../options/session'
import type { Platform, PlatformCallbacks, PlatformFailure } from '../platforms/wechat'

/** WeChat's storage. Encrypted values exist in its asynchronous API only (wx.setStorage page). */
export function platformStore(
  platform: () => Platform,
  { key = DEFAULTS.storageKey, encrypt = false }: { key?: string; encrypt?: boolean },
): SessionStore {
  // What is missing throws, and so is told like any other failure.
  const wx = platform as () => Required<Platform>
  if (!encrypt) {
    return {
      get: () => wx().getStorageSync(key),
      set: (session) => wx().setStorageSync(key, session),
      remove() {
        try {
          quiet(wx().removeStorageSync(key))
        } catch (error) {
          // A token that stays there would be taken up at the next launch.
          quiet(wx().setStorageSync(key, ''))
          throw error
        }
      },
    }
  }
  const ask = <R>(start: (callbacks: PlatformCallbacks<R>) => unknown): Promise<R> =>
    new Promise((success, fail) => quiet(start({ success, fail })))
  const set = (data: unknown): Promise<unknown> => ask((on) => wx().setStorage({ key, data, encrypt, ...on }))
  return {
    get: () =>
      ask<{ data?: unknown }>((on) => wx().getStorage({ key, encrypt, ...on })).then(
        ({ data }) => data,
        (reason: unknown) => {
          // Documented for no version: the words with which a missing key fails.
          if (!/not found/.test(String((reason as PlatformFailure).errMsg))) throw reason
        },
      ),
    set,
    remove: () =>
      ask((on) => wx().removeStorage({ key, ...on })).catch((error: unknown) =>
        set('').then(() => {
          throw error
        }),
      ),
  }
}
