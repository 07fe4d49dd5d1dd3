import { useQueryCache } from '@pinia/colada'
import { shallowRef } from 'vue'
import { AbortController } from './abort-controller.mjs'

// #region pinia-colada
export function createQueries(api, wx, pinia) {
  globalThis.AbortController ??= AbortController
  const queries = useQueryCache(pinia)
  const refresh = () =>
    queries.getEntries({ active: true }).forEach((entry) => queries.refresh(entry).catch(() => undefined))
  wx.onAppShow(refresh)
  wx.onNetworkStatusChange(({ isConnected }) => isConnected && refresh())

  const user = shallowRef(api.session?.id)
  api.on(({ type }) => {
    if (type !== 'logout' && type !== 'session') return
    user.value = api.session?.id
    if (type === 'logout')
      for (const entry of queries.getEntries()) {
        queries.cancel(entry)
        queries.remove(entry)
      }
  })
  /** Keys begin with the user's: `key: () => keyOf('orders')`. */
  return { keyOf: (...parts) => [user.value ?? null, ...parts] }
}
// #endregion
