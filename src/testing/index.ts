export { createFakeWeChat } from './fake'
export type { FakeWeChat, FakeWeChatOptions } from './fake'
export type { FakeLaunchOptions, FakeWx, FakeWxName } from './wx'
export { httpTransport } from './http'
export type { Fetch, HttpTransportOptions } from './http'
export { createFakeClock, realClock } from './clock'
export type { FakeClock } from './clock'
export { createFakeAccount } from './account'
export type { CodeAnswer, FakeAccount, FakeAccountOptions } from './account'
export type { Rotation } from './rotation'
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
export type { FakeConnection, SocketData, SocketEnd, SocketHandler } from './connection'
export type { AppWakeOrder, FakeApp } from './app'
export type { CallRecord, Calls } from './calls'
export type {
  CallSummary,
  Misbehaviour,
  MisbehavingApi,
  SocketMisbehaviour,
  StreamMisbehaviour,
} from './misbehave'
export type { FakeFiles, FakeNetwork, NetworkType } from './network'
export type { FakeRequest, FakeUpload, NetworkApi } from './request'
export type { Thread, WakeOrder } from './thread'
export type {
  AbortMode,
  Failure,
  FailureName,
  FakeChunk,
  FakeProgress,
  FakeReply,
  Handler,
  Wire,
} from './types'
export type { FakeModal, FakeUi, ShownUi, UiApi, UiCall } from './ui'
