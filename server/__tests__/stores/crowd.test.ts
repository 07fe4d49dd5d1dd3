import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createAuth, type Auth } from '../../src/index.ts'
import { fakeProvider, SECRET, stateOf } from '../auth/helpers.ts'
import { describeOn, startDatabase, type Database } from '../databases.ts'
import { openStore, type OpenStore } from './open.ts'
import type { Order, Report } from './worker.ts'

/** Before which statement of a login a process dies, and one more that it does not come to. */
const STATEMENTS = { redis: [1, 2, 3], mysql: [1, 2, 3, 4, 5], postgres: [1, 2, 3, 4, 5] }

for (const kind of ['redis', 'mysql', 'postgres'] as const) {
  describeOn(kind)(`several processes on ${kind}`, () => {
    let database: Database
    let opened: OpenStore
    let auth: Auth
    const workers: ChildProcess[] = []

    async function startWorker(): Promise<ChildProcess> {
      const words = [kind, String(database.port)]
      const worker = fork(join(__dirname, 'worker.ts'), words, { execArgv: ['--import', 'tsx'] })
      workers.push(worker)
      await once(worker, 'message')
      return worker
    }

    /** The token that it answers with; undefined if it died. */
    function login(worker: ChildProcess, order: Order): Promise<string | undefined> {
      return new Promise((resolve, reject) => {
        const died = () => resolve(undefined)
        const hear = (report: Report) => {
          if (report === 'ready' || report.code !== order.code) return
          worker.off('exit', died).off('message', hear)
          if ('token' in report) resolve(report.token)
          else reject(new Error(report.failed))
        }
        worker.setMaxListeners(50).on('exit', died).on('message', hear)
        worker.send(order)
      })
    }

    beforeAll(async () => {
      database = await startDatabase(kind)
      opened = await openStore(database)
      auth = createAuth({
        namespace: 'crowd',
        secrets: [SECRET],
        store: opened.factory,
        apps: [fakeProvider()],
        onLogin: ({ openid }) => openid,
      })
    }, 60_000)
    afterAll(async () => {
      for (const worker of workers) worker.kill('SIGKILL')
      await auth.close()
      await opened.close()
      await database.remove()
    })

    test('whoever logs in to three of them at once gets one token, which is good', async () => {
      const three = await Promise.all([startWorker(), startWorker(), startWorker()])
      for (let round = 0; round < 5; round += 1) {
        const all = three.flatMap((worker, index) =>
          Array.from({ length: 17 }, (_, count) => login(worker, { code: `user${round}-${index}-${count}` })),
        )
        const tokens = new Set(await Promise.all(all))
        expect(tokens.size).toBe(1)
        expect(await stateOf(auth, [...tokens][0] ?? '')).toBe(`user${round}`)
      }
    }, 60_000)

    test.each(STATEMENTS[kind])(
      'one that is killed before statement %i of a login leaves no dead token, and stops nobody',
      async (dieBefore) => {
        const user = `victim${dieBefore}`
        const worker = await startWorker()
        const [died, ...others] = await Promise.all([
          login(worker, { code: `${user}-0`, dieBefore }),
          ...[1, 2, 3, 4].map((code) => auth.login({ code: `${user}-${code}` })),
        ])
        const tokens = [...others.map(({ token }) => token), ...(died === undefined ? [] : [died])]
        const begun = performance.now()
        tokens.push((await auth.login({ code: `${user}-5` })).token)
        expect(performance.now() - begun).toBeLessThan(5000)
        for (const token of tokens) expect(await stateOf(auth, token)).toBe(user)
        expect((await auth.list(user)).length).toBeLessThanOrEqual(2)
        expect(await auth.revoke({ user })).toBeGreaterThanOrEqual(1)
        for (const token of tokens) expect(await stateOf(auth, token)).toBe('SESSION_REVOKED')
      },
    )
  })
}
