export { createClient, type Client } from './client'
export type { AuthorizeOptions } from './authorize'
export {
  AbortError,
  BusinessError,
  ConfigError,
  HttpError,
  LoginError,
  NetworkError,
  RequestError,
  TimeoutError,
  UnauthorizedError,
  type ErrorCode,
  type FailedRequest,
  type LoginErrorCode,
} from './errors'
export type {
  CheckEvent,
  ClientEvent,
  Listener,
  LoginEvent,
  LoginReason,
  LogoutEvent,
  RequestEvent,
  StorageErrorEvent,
} from './events'
export type { Middleware } from './middleware'
export type {
  Auth,
  ClientOptions,
  DownloadOptions,
  DownloadResponse,
  ExtendOptions,
  LoginFunction,
  LoginOptions,
  RequestOptions,
  Response,
  Session,
  UploadOptions,
  VerbOptions,
} from './options'
export type { AnyRequest } from './request'
export type { RetryOptions } from './retry'
export type { Attach, Outgoing } from './session/attach'
export type { SessionStore } from './session/store'
export type { ChunkReceived, HeadersReceived, Progress, Task } from './task'
export type { Clock, Method, Platform } from './transport/platform'
export type { Query, QueryValue } from './transport/serialize'
