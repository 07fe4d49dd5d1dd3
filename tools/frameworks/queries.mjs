import { environmentManager, focusManager, onlineManager, QueryClient } from '@tanstack/query-core'

// #region tanstack
/** What TanStack Query needs of an AbortController, which phones have not. */
export function AbortController() {
  const listeners = []
  const signal = {
    aborted: false,
    addEventListener: (_, listener) => void listeners.push(listener),
    removeEventListener: (_, listener) => void listeners.splice(listeners.indexOf(listener) >>> 0, 1),
  }
  this.signal = signal
  this.abort = () => {
    signal.aborted = true
    for (const listener of listeners.splice(0)) listener()
  }
}

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
