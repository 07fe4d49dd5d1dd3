import { authorizeOperation } from '../call/authorize'
import { send } from '../call/send'
import type { Task } from '../call/task'
import type { FailedRequest } from '../errors'
import type { Response } from '../options/response'
import type { Held } from '../session/state'
import type { Sender } from '../transport/sender'
import type { Inside } from './door'

const NO_ANSWER: Response = { data: undefined, statusCode: 101, header: {} }

/**
 * `client.authorize()` for an entry, whose errors and events call it by `label`. A refusal counts as ever; anything else that `run`
 * comes to says nothing of the token until `accepted()` is called, which may be long after it has settled.
 */
export function authorize<T>(
  { core, config }: Inside,
  run: (token: string, accepted: () => void) => T,
  label: FailedRequest,
): Task<T> {
  const { session } = core
  let held: Held | undefined
  let isReplay = false
  const inner = authorizeOperation<T>(
    (token) => {
      const carried = held as Held
      const request = { isReplay, address: () => undefined }
      isReplay = true
      return run(token, () => session.accepted(carried, NO_ANSWER, request))
    },
    undefined,
    config,
  )
  const operation = Object.assign({}, inner, {
    label: () => label,
    load(carried: Held | undefined, sender: Sender<T>) {
      held = carried
      inner.load(carried, sender)
    },
    asResponse: () => undefined,
  })
  return send(core, operation, session.epoch)
}
