import type { Clock, PlatformCallbacks } from '../platforms/wechat'
import { fail, hasCallbacks, succeed } from './callbacks'
import type { Calls } from './calls'
import type { FakeStorage, StorageCall } from './storage'

type AsyncCall<R> = PlatformCallbacks<R> & { key: string; encrypt?: boolean }

const SYNC: StorageCall = { isAsync: false, isEncrypted: false }
const asyncCall = ({ encrypt }: { encrypt?: boolean }): StorageCall => ({
  isAsync: true,
  isEncrypted: encrypt === true,
})

/** Milliseconds of an asynchronous storage call. */
const STORAGE_LATENCY = 1

/** `wx.getStorage` and its family. The synchronous ones throw when they fail; only the others know `encrypt`. */
export function storageCalls(storage: FakeStorage, clock: Clock, calls: Calls) {
  const { device } = storage

  /** Without callbacks these calls answer by a promise (API guide). */
  function later<R extends { errMsg: string }>(
    name: string,
    options: PlatformCallbacks<R>,
    work: () => R | 'hang',
  ) {
    if (!hasCallbacks(options)) {
      return new Promise<R>((success, reject) => callBack(name, { success, fail: reject }, work))
    }
    callBack(name, options, work)
    return undefined
  }

  /** Does `work` at once and tells of it later. */
  function callBack<R extends { errMsg: string }>(
    name: string,
    options: PlatformCallbacks<R>,
    work: () => R | 'hang',
  ): void {
    let end: () => void
    try {
      const result = work()
      if (result === 'hang') return
      end = () => succeed(options, result)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      end = () => fail(options, { errMsg: `${name}:${reason}` })
    }
    clock.setTimeout(end, STORAGE_LATENCY)
  }

  const info = () => ({
    keys: storage.keys(),
    currentSize: Math.ceil(device.used / 1024),
    limitSize: Math.ceil(device.limit / 1024),
  })

  return {
    /** '' for a key that is not there: so on phones, though the page says nothing. */
    getStorageSync(key: string): unknown {
      calls.storageReads++
      const stored = device.read(key, SYNC)
      return stored === undefined || stored === 'hang' ? '' : stored.value
    },
    setStorageSync(key: string, data: unknown): void {
      calls.storageWrites++
      device.write(key, data, SYNC)
    },
    removeStorageSync(key: string): void {
      calls.storageWrites++
      device.remove(key, SYNC)
    },
    clearStorageSync: () => storage.clear(),
    getStorageInfoSync: info,
    getStorage(options: AsyncCall<{ data: unknown; errMsg: string }>) {
      calls.storageReads++
      return later('getStorage', options, () => {
        const stored = device.read(options.key, asyncCall(options))
        if (stored === 'hang') return 'hang'
        if (stored === undefined) throw new Error('fail data not found')
        return { data: stored.value, errMsg: 'getStorage:ok' }
      })
    },
    setStorage(options: AsyncCall<{ errMsg: string }> & { data: unknown }) {
      calls.storageWrites++
      return later(
        'setStorage',
        options,
        () => device.write(options.key, options.data, asyncCall(options)) ?? { errMsg: 'setStorage:ok' },
      )
    },
    removeStorage(options: AsyncCall<{ errMsg: string }>) {
      calls.storageWrites++
      return later(
        'removeStorage',
        options,
        () => device.remove(options.key, asyncCall(options)) ?? { errMsg: 'removeStorage:ok' },
      )
    },
    clearStorage(options: PlatformCallbacks<{ errMsg: string }> = {}) {
      return later('clearStorage', options, () => {
        storage.clear()
        return { errMsg: 'clearStorage:ok' }
      })
    },
  }
}
