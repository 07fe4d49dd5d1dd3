export { createAuth, type Adapter, type Auth } from './auth/auth.ts'
export type { Answer, PlainAnswer } from './auth/answers.ts'
export type { AuthEvent } from './auth/events.ts'
export type { PlainRequest } from './auth/handle.ts'
export type { LimitOptions } from './auth/limits.ts'
export type { Login, LoginRequest } from './auth/login.ts'
export type { AuthOptions, Duration, LoggedInAs, LoginContext, TokenPlace } from './auth/options.ts'
export type { Revocation, Session, SessionInfo } from './auth/sessions.ts'
export { AuthError, ConfigError, Ended, refuse, StoreUnavailable } from './errors.ts'
export { Refused, type Identity, type Provider, type RefusalKind } from './providers/provider.ts'
export { wechat, type WeChatOptions } from './providers/wechat.ts'
export { memoryStore } from './stores/memory.ts'
export type {
  Block,
  FoundSession,
  NextToken,
  Opened,
  Opening,
  SessionStore,
  StoreFactory,
  StoredAccount,
  StoredProfile,
  StoredSession,
  Which,
} from './stores/store.ts'
export type { WeChatApp, Phone } from './wechat/app.ts'
export { consoleWriter, logTo, type LogWriter } from './log.ts'
