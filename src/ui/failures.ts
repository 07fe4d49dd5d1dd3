import { atOnce, callSafely } from '../app-code'
import { taken } from '../call/given'
import { inside } from '../entry/door'
import { Relay } from '../entry/relay'
import { isRead, labelOf, wrap, type Label, type Made, type Options } from '../entry/wrap'
import { hasNoAnswer, kindOfFailure, loggedOut } from '../errors'
import {
  HttpError,
  LoginError,
  RequestError,
  type AuthorizeOptions,
  type Client,
  type RequestContext,
  type Task,
} from '../index'
import { check } from '../options/rules'
import { snapshot } from '../transport/snapshot'
import { textOf } from './messages'
import { FAILURES, type FailuresOptions } from './options'
import { slotOf } from './slot'

/** Whether another try does no harm, as it only asks. Undefined: there is none, for it would begin anew what has been heard in part. */
type Harmless = boolean | undefined

/** So often one call asks. */
const MOST = 3
/** At most four characters (wx.showModal page). */
const BUTTONS = [
  ['重试', '取消'],
  ['Yes', 'No'],
] as const

/**
 * A client whose failures are shown: in a toast, or in a dialog that offers another try. Pages hear of them as ever.
 *
 * ```ts
 * export const api = failures(createClient({ baseURL, login }))
 * ```
 */
export function failures(client: Client, options: FailuresOptions = {}): Client {
  check(options, FAILURES, 'failures: ', true)
  const door = inside(client)
  const { retry, language, messages } = options
  const place = language === 'en' ? 1 : 0

  function wants(error: unknown, isHarmless: Harmless): boolean {
    if (retry === false || isHarmless === undefined || !(error instanceof RequestError)) return false
    if (retry) return atOnce(retry(error), 'retry')
    const isServer = error instanceof HttpError && error.response.statusCode >= 500
    return (isServer || hasNoAnswer(error)) && isWorthIt(error, isHarmless)
  }

  /** Sends it again as often as its user wishes. */
  function follow(
    options: Options,
    label: Label,
    isHarmless: Harmless,
    send: () => Task<unknown>,
  ): Task<unknown> {
    const { session } = door.core
    const { epoch } = session
    let asked = 0
    let sent: Task<unknown> | undefined
    let told: unknown
    const relay = new Relay(options, label, (error) => {
      if (!sent) return
      sent.abort()
      // A stream has ended its own request, for it cannot be read.
      if (error && error !== told) failed(error)
    })
    const go = (): void => {
      sent = send()
      if (relay.isSettled) sent.abort()
      relay.follow(sent)
      sent.then(
        (value) => relay.resolve(value),
        (error: unknown) => relay.isSettled || failed(error),
      )
    }
    const answered = (error: unknown, isYes: boolean): void => {
      if (!isYes) relay.reject(error)
      // It was the old user's.
      else if (session.epoch !== epoch) relay.abort(loggedOut())
      else if (!relay.isSettled) go()
    }
    const failed = (error: unknown): void => {
      let isAsked = false as boolean
      told = error
      callSafely(() => {
        const text = textOf(error, place, messages)
        const buttons = text && asked++ < MOST && wants(error, isHarmless) ? BUTTONS[place] : undefined
        isAsked = slotOf(client).tell(Object(error) as object, text, buttons, (isYes) =>
          answered(error, isYes),
        )
      }, undefined)
      if (!isAsked) relay.reject(error)
    }
    if (!relay.isSettled) go()
    return relay.task
  }

  function around(made: Made): Task<unknown> {
    const { options, data } = made
    const { context, enableChunked } = options
    if ((Object(context) as RequestContext).failure === false) return made.send(options)
    // What was given is what is sent (law 15), also after a dialog.
    const again = taken(Relay.sent(options)) as Options
    const body = snapshot(data)
    const isHarmless = enableChunked === true ? undefined : isRead(made)
    return follow(options, labelOf(door, made), isHarmless, () => made.send(again, body))
  }

  return wrap(client, door, around, {
    extend: (changes) => failures(client.extend(changes), options),
    authorize: <T>(run: (token: string) => Promise<T> | T, given?: AuthorizeOptions<T>) =>
      follow({}, { api: 'request', method: 'RUN', url: 'authorize()' }, false, () =>
        client.authorize(run, given),
      ) as Task<T>,
  })
}

/** Whether another try can help, and does nothing that a server may have done already. */
function isWorthIt(error: RequestError, isHarmless: boolean): boolean {
  const kind = kindOfFailure(error)
  if (kind === 'refused by the phone') return false
  if (isHarmless || error.attempts === 0 || error instanceof LoginError) return true
  // The network may have gone when it was there already.
  return kind === 'never connected'
}
