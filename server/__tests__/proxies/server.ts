import { createAuth } from '../../src/index.ts'
import { shutDownOnSignals } from '../../src/shutdown.ts'
import { fakeProvider, SECRET } from '../auth/helpers.ts'
import { openStore } from '../stores/open.ts'
import { FRAMEWORKS, startInstance } from './app.ts'

/** A server as a process of its own, on the Redis and the port that it is told; ends as the README says. */
export type Report = 'ready' | 'in use'

async function main(): Promise<void> {
  const [redis, port] = process.argv.slice(2).map(Number)
  const opened = await openStore({ kind: 'redis', port: redis ?? 0 })
  const auth = createAuth({
    namespace: 'proxies',
    secrets: [SECRET],
    store: opened.factory,
    apps: [fakeProvider()],
    onLogin: ({ openid }) => openid,
    limits: false,
  })
  const listener = await FRAMEWORKS['fastify']?.(auth, true)
  if (!listener) throw new Error('no app')
  const { inUse, shutdown } = await startInstance(listener, port)
  shutDownOnSignals(shutdown, async () => {
    await auth.close()
    await opened.close()
  })
  const report = (what: Report) => process.send?.(what)
  process.once('disconnect', () => process.exit(1))
  report('ready')
  await inUse
  report('in use')
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`)
  process.exit(1)
})
