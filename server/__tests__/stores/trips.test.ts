import { createAuth } from '../../src/index.ts'
import { fakeProvider, SECRET } from '../auth/helpers.ts'
import { describeOn, startDatabase } from '../databases.ts'
import { openStore } from './open.ts'

/** What goes to the store: any more, and each phone of the app waits longer. */
const TRIPS = {
  redis: { login: 1, shared: 1, lookup: 1, logout: 2 },
  mysql: { login: 4, shared: 4, lookup: 1, logout: 5 },
  postgres: { login: 4, shared: 4, lookup: 1, logout: 5 },
}

for (const kind of ['redis', 'mysql', 'postgres'] as const) {
  describeOn(kind)(`on ${kind}`, () => {
    test('a login, a look-up and a logout take no more trips than they did', async () => {
      const database = await startDatabase(kind)
      let trips = 0
      const opened = await openStore(database, () => (trips += 1))
      const auth = createAuth({
        namespace: 'trips',
        secrets: [SECRET],
        store: opened.factory,
        apps: [fakeProvider()],
      })
      const count = async (work: () => Promise<unknown>): Promise<number> => {
        const before = trips
        await work()
        return trips - before
      }
      // Scripts are told to Redis once, and tables swept once a minute.
      const { token: warm } = await auth.login({ code: 'warm-1' })
      await auth.logout(warm)
      const login = await count(() => auth.login({ code: 'alice-1' }))
      const shared = await count(() => auth.login({ code: 'alice-2' }))
      const { token } = await auth.login({ code: 'alice-3' })
      const lookup = await count(() => auth.authenticate(token))
      const logout = await count(() => auth.logout(token))
      expect({ login, shared, lookup, logout }).toEqual(TRIPS[kind])
      await auth.close()
      await opened.close()
      await database.remove()
    }, 60_000)
  })
}
