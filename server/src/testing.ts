/** `miniprogram-session-server/testing`: what tests of a back end need. Nothing of it belongs in production. */
export { startFakeWeChat, type FakeWeChat, type FakeWeChatOptions } from './fake-wechat/server.ts'
export { mintCode, type Outcome, type Platform } from './fake-wechat/platform.ts'
export { storeSuite } from './stores/suite.ts'
