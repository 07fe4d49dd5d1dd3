import { useCallback, useEffect, useRef } from 'react'
import { scope, type Scope } from 'miniprogram-session/page'
import { api, routesOn } from './api'

/** The routes on a scope of this page: what it still reads when it closes is aborted, what it writes is not. */
export function useRoutes() {
  const page = useRef<Scope>()
  useEffect(() => () => page.current?.end(), [])
  return useCallback(() => {
    // One that has ended is made anew: StrictMode mounts twice.
    if (!page.current || page.current.ended) page.current = scope(api)
    return routesOn(page.current)
  }, [])
}
