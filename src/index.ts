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
export type {
  AnyRequest,
  Auth,
  ClientOptions,
  DownloadOptions,
  DownloadResponse,
  ExtendOptions,
  Middleware,
  PerRequest,
  RequestOptions,
  RetryOptions,
  UploadOptions,
  VerbOptions,
} from './options'
export type { Attach, LoginFunction, LoginOptions, Outgoing, Session, SessionStore } from './session/options'
export type { Response } from './response'
export type { ChunkReceived, HeadersReceived, Progress, Task } from './task'
export type { HeaderInit } from './transport/headers'
export type { Clock, Method, Platform } from './transport/platform'
export type { Query } from './transport/serialize'
