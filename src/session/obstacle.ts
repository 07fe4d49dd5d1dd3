import { LoginError } from '../errors'
import { isSinglePage, type Platform } from '../transport/platform'
import type { Cooldown } from './cooldown'

/** What stands in the way of a login now, if anything. A forced one does not heed the pause after failures. */
export type Obstacle = (forced: boolean) => LoginError | undefined

export function createObstacle(platform: () => Platform, cooldown: Cooldown): Obstacle {
  return (forced) => {
    if (isSinglePage(platform)) {
      return new LoginError(
        'SINGLE_PAGE_MODE',
        'A page shared to Moments has no login. Use auth: "optional" there, and offer to open the mini-program.',
      )
    }
    const left = cooldown.left()
    if (!left || forced) return undefined
    return new LoginError(
      'LOGIN_COOLDOWN',
      `Several logins in a row have failed; the next one may start in ${left} ms. Offer a retry, or ensureLogin({ force: true }).`,
    )
  }
}
