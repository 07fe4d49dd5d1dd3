import { ask } from './adapt'
import { rawOf, wordsOf } from './adapt-failures'
import type { Native } from './dialect'
import type { Platform } from './wechat'

/** A missing key is a failure by one of Douyin's pages (tt.getStorageSync page); of Baidu's it is said of the asynchronous call alone. */
export function emptyIfMissing(native: Native): Partial<Platform> {
  return {
    getStorageSync(key) {
      try {
        return ask(native, 'getStorageSync', key)
      } catch (error) {
        if (/not found/.test(wordsOf(rawOf(error)))) return ''
        throw error
      }
    },
  }
}
