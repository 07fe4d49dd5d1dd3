import { AbortController } from './abort-controller.mjs'
import { environmentManager, focusManager, onlineManager, QueryClient } from '@tanstack/query-core'

// #region tanstack
export function createQueries(api, wx) {
  globalThis.AbortController ??= AbortController
  environmentManager.setIsServer(() => false)
  focusManager.setEventListener((setFocused) => {
    wx.onAppShow(() => setFocused(true))
    wx.onAppHide(() => setFocused(false))
  })
  onlineManager.setEventListener((setOnline) => {
    wx.onNetworkStatusChange(({ isConnected }) => setOnline(isConnected))
  })
  const queries = new QueryClient()
  api.on(({ type }) => type === 'logout' && queries.clear())
  return queries
}

/** Keys begin with the user's, so that nobody is shown what is another's. */
export const keyOf = (api, ...parts) => [api.session?.id, ...parts]
// #endregion
export { QueryObserver, focusManager, onlineManager } from '@tanstack/query-core'
