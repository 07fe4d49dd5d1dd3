export { createClient } from './client/create'
export type { Client, QueryVerb, Verb } from './client/client'
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
  type FailureKind,
  type LoginErrorCode,
  type NetworkErrorCode,
} from './errors'
export type {
  CheckEvent,
  ClientEvent,
  Listener,
  LoginEvent,
  LoginReason,
  LogoutEvent,
  RequestEvent,
  SessionEvent,
  SessionSource,
  StorageErrorEvent,
} from './events'
export type { ClientOptions, ExtendOptions } from './options/client'
export type {
  AnyRequest,
  Auth,
  DeleteOptions,
  DownloadOptions,
  DownloadResponse,
  Middleware,
  MiddlewareInfo,
  PerRequest,
  RequestContext,
  RequestOptions,
  RetryOptions,
  Signal,
  UploadOptions,
  VerbOptions,
} from './options/request'
export type {
  Attach,
  LoginContext,
  LoginFunction,
  LoginOptions,
  Outgoing,
  Rotate,
  Session,
  SessionInit,
  SessionStore,
} from './options/session'
export type { Response } from './options/response'
export type { Task } from './call/task'
export type { ChunkReceived, HeadersReceived, Progress } from './transport/task-events'
export type { HeaderInit } from './transport/headers'
export type { LoginData } from './session/logins'
export type {
  Clock,
  LaunchOptions,
  Method,
  OtherPlatform,
  Platform,
  PlatformCallbacks,
  PlatformRequest,
  PlatformSocket,
  PlatformTraits,
} from './platforms/wechat'
export type { Query } from './transport/serialize'
