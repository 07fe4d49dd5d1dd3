export { loading } from './loading'
export { failures } from './failures'
export type { FailuresOptions, LoadingOptions } from './options'
export type { Language, Messages } from './messages'
