import type { Platform } from '../../fake-wechat/platform.ts'
import { startFakeWeChat } from '../../fake-wechat/server.ts'
import { openAuthority } from './authority.ts'
import { HOST } from './certificate.ts'
import { startProxy } from './proxy.ts'

export interface Fake {
  platform: Platform
  /** what a back end that is started here is told */
  env: Record<string, string>
  /** for whoever has a back end that never asks it: sentences */
  readonly advice: string
  /** Lets go of those whom it gives no answer, as a network does in the end. */
  hangUp(): void
  close(): Promise<void>
}

/** With `--proxy` the port is the proxy's, and the fake behind it has any. */
export async function startFake(port: number, folder: string | undefined): Promise<Fake> {
  const fake = await startFakeWeChat({ port: folder === undefined ? port : 0 })
  const { platform, url } = fake
  const hangUp = () => fake.hangUp()
  if (folder === undefined) {
    const advice = `It must call ${url} in the place of https://${HOST}, as WECHAT_API of its environment says; if it has the address in its code, --proxy checks it as it is.`
    return { platform, env: { WECHAT_API: url }, advice, hangUp, close: () => fake.close() }
  }
  try {
    const proxy = await startProxy({ port, target: url, authority: openAuthority(folder) })
    // To be pasted before its command, and nowhere else: npx would look for the registry through this proxy.
    const settings = Object.entries(proxy.env).map(([name, value]) => `  ${name}='${value}' \\\n`)
    return {
      platform,
      env: proxy.env,
      get advice() {
        const why = proxy.trouble === undefined ? '' : `${proxy.trouble} `
        return `${why}Its command needs this environment, of which each language takes what it knows:\n${settings.join('')}  …\n`
      },
      hangUp,
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
