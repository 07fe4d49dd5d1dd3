export { createClient, type Client } from './client/client'
export type { AuthorizeOptions } from './call/authorize'
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
} from './options/client'
export type { Attach, LoginFunction, LoginOptions, Outgoing, Session, SessionStore } from './options/session'
export type { Response } from './options/response'
export type { ChunkReceived, HeadersReceived, Progress, Task } from './call/task'
export type { HeaderInit } from './transport/headers'
export type { Clock, Method, Platform } from './platforms/wechat'
export type { Query } from './transport/serialize'
