import type { InfoInside } from '../call/middleware'
import type { Middleware } from '../index'
import { INSIDE } from '../inside'
import { check } from '../options/rules'
import { LOADING, type LoadingOptions } from './options'
import { slotOf } from './slot'

/**
 * One `wx.showLoading` for however many requests are under way, without flicker. It goes before `cache()` in `use`.
 *
 * ```ts
 * createClient({ baseURL, login, use: [loading()] })
 * ```
 */
export function loading(options: LoadingOptions = {}): Middleware {
  check(options, LOADING, 'loading: ', true)
  const {
    language,
    delay = 300,
    minDuration = 500,
    mask = false,
    title: usual = language === 'en' ? 'Loading' : '加载中',
  } = options
  return (request, next, info) => {
    const { loading } = Object(request.context) as { loading?: boolean | { title?: string } }
    if (loading === false || request['enableChunked'] === true) return next(request)
    const { title = usual } = Object(loading) as LoadingOptions
    const part = slotOf(info.client).begin(title, mask, delay, minDuration)
    // Middleware of the app's may hang, though its request has been given up.
    ;(info as InfoInside)[INSIDE].push({ call: part })
    const answer = next(request)
    answer.then(part.abort, part.abort)
    return answer
  }
}
