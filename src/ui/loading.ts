import type { Middleware } from '../index'
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
  const { title, delay = 300, minDuration = 500, mask = false, language } = options
  const usual = title === undefined ? (language === 'en' ? 'Loading' : '加载中') : title
  return (request, next, { client }) => {
    const { loading } = Object(request.context) as { loading?: boolean | { title?: string } }
    if (loading === false || request['enableChunked'] === true) return next(request)
    const { title = usual } = Object(loading) as LoadingOptions
    const end = slotOf(client).begin(title, mask, delay, minDuration)
    const answer = next(request)
    answer.then(end, end)
    return answer
  }
}
