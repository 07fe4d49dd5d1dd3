import { storeSuite } from '../../src/stores/suite.ts'
import { describeOn, startDatabase, type Database } from '../databases.ts'
import { openStore, type OpenStore } from './open.ts'

for (const kind of ['mysql', 'postgres'] as const) {
  describeOn(kind)(`on ${kind}`, () => {
    let database: Database
    let opened: OpenStore
    beforeAll(async () => {
      database = await startDatabase(kind)
      opened = await openStore(database)
    }, 60_000)
    afterAll(async () => {
      await opened.close()
      await database.remove()
    })

    storeSuite(test, (namespace) => opened.factory.create(namespace))
  })
}
