import { atOnce, callSafely } from '../app-code'
import { inside } from '../entry/door'
import { Relay } from '../entry/relay'
import { isRead, labelOf, wrap, type Made, type Options } from '../entry/wrap'
import { kindOfFailure, loggedOut, type FailedRequest } from '../errors'
import { HttpError, LoginError, RequestError, type AuthorizeOptions, type Client, type Task } from '../index'
import { snapshot } from '../transport/snapshot'
import { textOf } from './messages'
import { checkContext, checkFailures, type FailuresOptions } from './options'
import { slotOf, type Answered } from './slot'

/** What another try depends on. */
interface Terms {
  readonly isRead: boolean
  /** It may have been heard in part, and is not begun anew. */
  readonly isStream: boolean
  readonly mistake?: unknown
}

/** So often one call asks. */
const MOST = 3
const ASKS = /^(OFFLINE|NETWORK|INTERRUPTED|TIMEOUT|LOGIN_FAILED|LOGIN_TIMEOUT)$/
/** At most four characters (wx.showModal page). */
const BUTTONS = { zh: ['重试', '取消'], en: ['Yes', 'No'] }

/**
 * A client whose failures are shown: in a toast, or in a dialog that offers another try. Pages hear of them as ever.
 *
 * ```ts
 * export const api = failures(createClient({ baseURL, login }))
 * ```
 */
export function failures(client: Client, options: FailuresOptions = {}): Client {
  checkFailures(options)
  const door = inside(client)
  const { retry, language = 'zh', messages } = options

  function wants(error: unknown, { isRead, isStream }: Terms): boolean {
    if (retry === false || isStream || !(error instanceof RequestError)) return false
    if (retry) return atOnce(retry(error), 'retry')
    const isServer = error instanceof HttpError && error.response.statusCode >= 500
    return (isServer || ASKS.test(error.code)) && (isRead || !mayHaveArrived(error))
  }

  /** Tells of it, or asks. False: nobody is asked, and it has failed. */
  function tell(error: unknown, asked: number, terms: Terms, answered: Answered): boolean {
    const slot = slotOf(client)
    const { dialog, told } = slot
    const key = Object(error) as object
    const known = told.get(key)
    const text = textOf(error, language, messages)
    const asks = text !== '' && asked < MOST && wants(error, terms)
    if (asks && dialog && (!known || known === dialog)) {
      told.set(key, dialog)
      dialog.push(answered)
      return true
    }
    if (known) return false
    if (asks) {
      const [confirmText, cancelText] = BUTTONS[language]
      told.set(key, slot.ask({ content: text, confirmText, cancelText }, answered))
    } else {
      told.set(key, [])
      slot.say(text)
    }
    return asks
  }

  /** Sends it again as often as its user wishes. */
  function follow(
    options: Options,
    label: FailedRequest,
    terms: Terms,
    send: () => Task<unknown>,
  ): Task<unknown> {
    const { session } = door.core
    const { epoch } = session
    let asked = 0
    let sent: Task<unknown> | undefined
    const relay = new Relay(options, label, () => {
      if (sent) sent.abort()
    })
    const go = (): void => {
      sent = send()
      if (relay.isSettled) sent.abort()
      relay.follow(sent)
      sent.then((value) => relay.resolve(value), failed)
    }
    const failed = (error: unknown): void => {
      if (relay.isSettled) return
      const answered = (isYes: boolean): void => {
        if (!isYes) relay.reject(error)
        // It was the old user's.
        else if (session.epoch !== epoch) relay.abort(loggedOut())
        else if (!relay.isSettled) go()
      }
      let isAsked = false as boolean
      callSafely(() => (isAsked = tell(error, asked++, terms, answered)), undefined)
      if (!isAsked) relay.reject(error)
    }
    if (terms.mistake) relay.abort(terms.mistake)
    if (!relay.isSettled) go()
    return relay.task
  }

  function around(made: Made): Task<unknown> {
    const { options, data } = made
    const { context } = options
    if (context && (context as { failure?: unknown }).failure === false) return made.send(options)
    const isStream = options['enableChunked'] === true
    const body = snapshot(data)
    const again = Relay.sent(options)
    // What was given is what is sent (law 15), also after a dialog.
    for (const field of ['data', 'query', 'header', 'formData'])
      if (again[field] !== undefined) again[field] = snapshot(again[field])
    const terms = { isRead: isRead(made), isStream, mistake: mistakeIn(context) }
    return follow(options, labelOf(door, made), terms, () => made.send(again, body))
  }

  return wrap(client, door, around, {
    extend: (changes) => failures(client.extend(changes), options),
    authorize: <T>(run: (token: string) => Promise<T> | T, given?: AuthorizeOptions<T>) =>
      follow({}, { method: 'RUN', url: 'authorize()' }, { isRead: false, isStream: false }, () =>
        client.authorize(run, given),
      ) as Task<T>,
  })
}

/** Whether a server may have carried it out. */
function mayHaveArrived(error: RequestError): boolean {
  const kind = kindOfFailure(error)
  return (
    error.attempts > 0 && !(error instanceof LoginError) && kind !== 'never connected' && kind !== 'offline'
  )
}

function mistakeIn(context: unknown): unknown {
  try {
    checkContext(context)
    return undefined
  } catch (mistake) {
    return mistake
  }
}
