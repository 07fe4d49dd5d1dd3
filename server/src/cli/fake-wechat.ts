import { parseArgs } from 'node:util'
import { startFakeWeChat } from '../fake-wechat/server.ts'
import { number } from './check.ts'

export async function fakeWeChatCommand(words: string[]): Promise<number> {
  const { values } = parseArgs({
    args: words,
    options: { port: { type: 'string', default: '9100' }, user: { type: 'string', default: 'newcomer' } },
  })
  const fake = await startFakeWeChat({
    port: number('--port', values.port) ?? 0,
    strangersAre: values.user,
    mintOverHttp: true,
  }).catch((error: unknown) => {
    throw new Error(`The fake WeChat cannot listen there: ${String(error)}; take another one: --port`)
  })
  process.stdout.write(`The fake WeChat listens at ${fake.url}: anybody is let in as anybody.\n`)
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
  await fake.close()
  return 0
}
