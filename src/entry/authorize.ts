import { authorizeOperation, type AuthorizeOptions } from '../call/authorize'
import { send } from '../call/send'
import type { Task } from '../call/task'
import type { FailedRequest } from '../errors'
import type { Response } from '../options/response'
import type { Held } from '../session/state'
import type { Need } from '../session/waiters'
import type { Sender } from '../transport/wire'
import type { Inside } from './door'

/** Tells that the token of this run was accepted, though the run itself proves nothing. */
export type Accepted = (response?: Response) => void

export interface AuthorizeInside<T> extends AuthorizeOptions<T> {
  /** For errors and events. */
  readonly label: FailedRequest
  /** What it needs of the session. Default: what `auth: true` does. */
  readonly need?: Need | undefined
}

const NO_ANSWER: Response = { data: undefined, statusCode: 101, header: {} }

/**
 * `client.authorize()` for an entry. A refusal counts as ever; anything else that `run` comes to says nothing of the token until
 * `accepted()` is called, which may be long after it has settled.
 */
export function authorize<T>(
  { core, config }: Inside,
  run: (token: string, accepted: Accepted) => Promise<T> | T,
  { label, need = config.tokenNeed, isUnauthorized }: AuthorizeInside<T>,
): Task<T> {
  let held: Held | undefined
  let runs = 0
  const inner = authorizeOperation<T>(
    (token) => {
      const { session } = core
      const carried = held
      const isReplay = ++runs > 1
      return run(token, (response = NO_ANSWER) => {
        if (carried) session.accepted(carried, response, { isReplay, address: () => undefined })
      })
    },
    isUnauthorized && { isUnauthorized },
    config,
  )
  const operation = Object.assign({}, inner, {
    label: () => label,
    open() {
      config.platform()
      return need
    },
    load(carried: Held | undefined, sender: Sender<T>) {
      held = carried
      inner.load(carried, sender)
    },
    asResponse: () => undefined,
  })
  return send(core, operation, core.session.epoch)
}
