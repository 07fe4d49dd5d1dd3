import type { FakePlatform, WeChatUserData } from './wechat-user-data'

/** The part of example-server used here. It is an ES module of its own package, so it is imported when wanted. */
interface ExampleServer {
  startDev: () => Promise<{
    app: { listen(options: { port: number; host: string }): Promise<string> }
    fake: { platform: FakePlatform }
  }>
}

const SOURCES = '../../../example-server/src'

/** Starts example-server in this process, with a fake WeChat beside it that the preview can ask. */
export async function startExampleServer(port: number, userData: WeChatUserData): Promise<string> {
  const { startDev } = (await import(`${SOURCES}/dev/server.ts`)) as ExampleServer
  const { app, fake } = await startDev()
  userData.of(fake.platform)
  return await app.listen({ port, host: '127.0.0.1' })
}
