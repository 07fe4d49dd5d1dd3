import type { Backend, LoggedIn } from './backend.ts'

export interface Check {
  id: string
  level: 'must' | 'should'
  /** what holds if it passes */
  title: string
  /** of PROTOCOL.md */
  paragraph: number
  /** what to do about a ✗ */
  mend: string
  run: (scene: Scene) => Promise<void>
}

export interface Scene {
  backend: Backend
  /** a session from before all other checks, for those that need an older one */
  first: LoggedIn
  /** ms that a check may wait for a session's end; absent: none waits */
  slow: number | undefined
}
