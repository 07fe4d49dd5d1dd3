/** Of jest-util and jest-message-util, which need Node, as much as `expect` and `jest-mock` ask for. */
export const isPromise = (candidate) =>
  (typeof candidate === 'object' || typeof candidate === 'function') && typeof candidate?.then === 'function'

export const pluralize = (word, count, ending = 's') => `${count} ${word}${count === 1 ? '' : ending}`

export class ErrorWithStack extends Error {}

/** Where something was thrown that `toThrow` did not want. */
export const separateMessageFromStack = (text) => ({ stack: text })
export const formatStackTrace = (stack) => stack
export const formatExecError = (error) => String(error?.message ?? error)
