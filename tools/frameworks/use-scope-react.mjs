import { useCallback, useEffect, useRef } from 'react'
import { scope } from 'miniprogram-session/page'

// #region use-scope-react
export function useScope(api) {
  const ref = useRef(null)
  useEffect(() => () => ref.current?.end(), [])
  // One that has ended is made anew: StrictMode mounts twice.
  return useCallback(
    () => (ref.current = !ref.current || ref.current.ended ? scope(api) : ref.current),
    [api],
  )
}
// #endregion
