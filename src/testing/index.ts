export { createFakeWeChat } from './fake'
export type { FakeWeChat, FakeWeChatOptions } from './fake'
export type { FakeLaunchOptions, FakeWx, FakeWxName } from './wx'
export { createFakeAlipay } from './alipay'
export type { FakeAlipay, FakeAlipayOptions } from './alipay'
export type { FakeMy } from './my'
export { createFakeBaidu } from './baidu'
export type { FakeBaidu, FakeBaiduOptions } from './baidu'
export { createFakeDouyin } from './douyin'
export type { FakeDouyin, FakeDouyinOptions } from './douyin'
export { createFakeJd } from './jd'
export type { FakeJdOptions, FakeJdPlatform } from './jd'
export { createFakeKuaishou } from './kuaishou'
export type { FakeKuaishou, FakeKuaishouOptions } from './kuaishou'
export type { FakeJd, FakeKs, FakeSwan, FakeTt } from './tt'
export { createFakeTaro } from './taro'
export type { FakeTaro, FakeTaroApp, FakeTaroOptions, TaroTarget } from './taro'
export { createFakeUni } from './uni'
export type { FakeUni, FakeUniApp, FakeUniOptions, UniTarget } from './uni'
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
