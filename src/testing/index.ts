export { createFakeWeChat } from './fake'
export type { FakeWeChat, FakeWeChatOptions, FakeWx, FakeWxName } from './fake'
export { httpTransport } from './http'
export type { Fetch, HttpTransportOptions } from './http'
export { createFakeClock, realClock } from './clock'
export type { FakeClock } from './clock'
export { createFakeAccount } from './account'
export type { CodeAnswer, FakeAccount, FakeAccountOptions } from './account'
export { createFakeServer } from './server'
export type { FakeServer, FakeServerOptions } from './server'
export { createFakeStorage } from './storage'
export type {
  FakeStorage,
  StorageCall,
  StorageDevice,
  StorageFailure,
  StorageLimit,
  StorageOperation,
} from './storage'
export type { FakeApp } from './app'
export type { CallRecord, Calls } from './calls'
export type { CallSummary, Misbehaviour, MisbehavingApi } from './misbehave'
export type { FakeFiles, FakeNetwork, NetworkType } from './network'
export type { FakeRequest, FakeUpload, NetworkApi } from './request'
export type { AbortMode, Failure, FailureName, FakeReply, Handler, Wire } from './types'
