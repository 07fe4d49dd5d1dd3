import type { WeChatUserData } from './wechat-user-data'

/** The parts of example-server used here. It is an ES module of its own package, so it is imported when wanted. */
interface ExampleServer {
  buildServer: (options: object) => Promise<{
    listen(options: { port: number; host: string }): Promise<string>
    close(): Promise<unknown>
  }>
}

interface Stub {
  createStubWeChat: (options: { perMinute: number }) => {
    code2Session(code: string): Promise<{ openid: string; sessionKey: string }>
  }
  STUB_APPID?: string
}

const SOURCES = '../../../example-server/src'

/** Starts example-server in this process, with a stand-in for WeChat that the preview can listen to. */
export async function startExampleServer(port: number, userData: WeChatUserData): Promise<string> {
  const { buildServer } = (await import(`${SOURCES}/app.ts`)) as ExampleServer
  const { createStubWeChat, STUB_APPID } = (await import(`${SOURCES}/wechat/stub.ts`)) as Stub
  if (STUB_APPID !== undefined) userData.appid = STUB_APPID
  // A burst without the SDK uses up fifty codes: WeChat's hundred a minute would end the fun at the third.
  const wechat = userData.listen(createStubWeChat({ perMinute: 1000 }))
  const server = await buildServer({ wechat })
  return await server.listen({ port, host: '127.0.0.1' })
}
