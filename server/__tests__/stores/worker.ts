import { createAuth } from '../../src/index.ts'
import { fakeProvider, SECRET } from '../auth/helpers.ts'
import type { DatabaseKind } from '../databases.ts'
import { openStore } from './open.ts'

/** A server as a process of its own: logs in whom it is told to, and dies before a statement if it is told so. */
export type Order = { code: string; dieBefore?: number }
export type Report = { code: string; token: string } | { code: string; failed: string } | 'ready'

async function main(): Promise<void> {
  let left = Infinity
  const [kind, port] = process.argv.slice(2)
  const { factory } = await openStore({ kind: kind as DatabaseKind, port: Number(port) }, () => {
    left -= 1
    if (left === 0) process.kill(process.pid, 'SIGKILL')
  })
  const auth = createAuth({
    namespace: 'crowd',
    secrets: [SECRET],
    store: factory,
    apps: [fakeProvider()],
    onLogin: ({ openid }) => openid,
  })
  const report = (what: Report) => process.send?.(what)
  process.on('message', ({ code, dieBefore = Infinity }: Order) => {
    left = dieBefore
    auth.login({ code }).then(
      ({ token }) => report({ code, token }),
      (error: unknown) => report({ code, failed: String(error) }),
    )
  })
  process.once('disconnect', () => process.exit())
  report('ready')
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`)
  process.exit(1)
})
