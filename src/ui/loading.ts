import type { Middleware } from '../index'
import { inside } from '../entry/door'
import { checkLoading, titleOf, type LoadingOptions } from './options'
import { slotOf, type Load, type Slot } from './slot'

/**
 * One `wx.showLoading` for however many requests are under way, without flicker. It goes before `cache()` in `use`.
 *
 * ```ts
 * createClient({ baseURL, login, use: [loading()] })
 * ```
 */
export function loading(options: LoadingOptions = {}): Middleware {
  checkLoading(options)
  const { delay = 300, minDuration = 500, mask = false } = options
  return (request, next, info) => {
    const title = titleOf(request.context, options)
    if (title === undefined || request['enableChunked'] === true) return next(request)
    const { core } = inside(info.client)
    const slot: Slot = slotOf(info.client)
    const load: Load = { title, mask, minDuration, due: core.timers.now() + delay }
    const end = (): void => slot.end(load)
    slot.begin(load)
    const answer = next(request)
    answer.then(end, end)
    return answer
  }
}
