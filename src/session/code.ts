import { ignore, isThenable } from '../app-code'
import { LoginError } from '../errors'
import type { Platform, PlatformFailure } from '../platforms/wechat'
import type { Timers } from '../timers'
import { kindOf } from '../transport/failures'
import { asLoginError } from './login-error'
import type { Steps } from './steps'

/** What DevTools' test appid answers every wx.login with (reported: Tencent/wepy#325): no code, and never used up. */
const MOCK_CODE = 'the code is a mock one'
/** Codes that are remembered as spent. */
const MOST_SPENT = 50

export interface CodeListener {
  got(code: string): void
  /** `final`: another try would not help. `hadAnswer`: WeChat said no, rather than nothing. */
  failed(error: LoginError, failure: 'final' | 'network' | 'interrupted', hadAnswer: boolean): void
  /** WeChat has handed out a code again that went to the server. */
  gotAgain(error: LoginError): void
}

/** Makes what asks WeChat for a code. None goes to the server twice, whatever became of it (law 5). `login`: its name, for messages. */
export function createAskForCode(platform: () => Platform, login: string, timers: Timers) {
  let spent: string[] = []

  function answered({ code, fromCache }: { code?: string; fromCache?: boolean }, to: CodeListener): void {
    // WeChat's cache manager answers wx.login too, with a code that is old (weak network guide).
    const isSpent = code !== undefined && spent.indexOf(code) >= 0
    if (typeof code === 'string' && code && !isSpent && !fromCache) {
      if (code !== MOCK_CODE) spent = spent.slice(1 - MOST_SPENT).concat(code)
      return to.got(code)
    }
    const problem = code
      ? `an old code from a cache. Keep ${login} out of its rules.`
      : 'no code. Offer a retry; where there is no login, use login.code: false and exchange.'
    const error = new LoginError('LOGIN_FAILED', `${login} gave ${problem}`)
    if (isSpent && !fromCache) to.gotAgain(error)
    else to.failed(error, 'network', !fromCache)
  }

  return (steps: Steps, to: CodeListener): void => {
    let hasThrown = false
    steps.take<unknown>(
      login,
      (success, fail) => {
        const { ms } = steps
        try {
          const given = platform().login(Object.assign({ success, fail }, ms < Infinity && { timeout: ms }))
          // Where it is async, nothing else may tell.
          if (isThenable(given)) given.then(ignore, fail)
        } catch (cause) {
          hasThrown = true
          // Not within the call: whoever asks in the same turn shares the failure.
          timers.wait(0, () => fail(cause))
        }
      },
      (answer) => answered(Object(answer) as object, to),
      (cause) => {
        // An adapter knows what only the user can mend, and what cannot be had; nobody else has answered.
        if (cause instanceof LoginError) return to.failed(cause, 'final', false)
        const given = Object(cause) as PlatformFailure
        const error = asLoginError(login, cause)
        const words = String(given.errMsg)
        const kind = kindOf(given, words)
        const isOfNetwork = kind !== 'network' || given.cause || /net(work|::)/i.test(words)
        const isFinal = hasThrown || error.code !== 'LOGIN_FAILED'
        const failure = kind === 'interrupted' ? kind : 'network'
        to.failed(error, isFinal ? 'final' : failure, !isOfNetwork)
      },
    )
  }
}
