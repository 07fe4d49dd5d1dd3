import type { Platform } from '../../fake-wechat/platform.ts'
import { startFakeWeChat } from '../../fake-wechat/server.ts'
import { openAuthority } from './authority.ts'
import { startProxy } from './proxy.ts'

export interface Fake {
  platform: Platform
  /** what a back end that is started here is told */
  env: Record<string, string>
  /** for whoever has a back end that never asks it */
  readonly advice: string
  close(): Promise<void>
}

/** With `--proxy` the port is the proxy's, and the fake behind it has any. */
export async function startFake(port: number, folder: string | undefined): Promise<Fake> {
  const fake = await startFakeWeChat({ port: folder === undefined ? port : 0 })
  const { platform, url } = fake
  if (folder === undefined) {
    const advice = 'point it there (WECHAT_API, --wechat-port)'
    return { platform, env: { WECHAT_API: url }, advice, close: () => fake.close() }
  }
  try {
    const proxy = await startProxy({ port, target: url, authority: openAuthority(folder) })
    const settings = Object.entries(proxy.env).map(([name, value]) => `  ${name}='${value}'`)
    return {
      platform,
      env: proxy.env,
      get advice() {
        const why = proxy.trouble === undefined ? '' : `${proxy.trouble}; `
        return `${why}start it with what its language knows of\n${settings.join('\n')}\n`
      },
      close: async () => {
        await proxy.close()
        await fake.close()
      },
    }
  } catch (error) {
    await fake.close()
    throw error
  }
}
