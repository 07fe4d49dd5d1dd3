import { HttpError } from '../errors'
import type { Response } from '../options/response'

/** Makes of an answer what the caller gets, or throws it. */
export type Finish<V> = (response: Response) => V | PromiseLike<V>

export const asIs = (response: Response): Response => response

export const okOrThrow = (response: Response): Response => {
  const { statusCode } = response
  if (statusCode < 200 || statusCode > 399) throw new HttpError(response)
  return response
}
