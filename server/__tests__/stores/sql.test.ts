import { createPool } from 'mysql2/promise'
import { mysqlStore } from '../../src/stores/mysql.ts'
import { postgresStore } from '../../src/stores/postgres.ts'
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

describeOn('mysql')('mysql2/promise', () => {
  test('has pools that do as well', async () => {
    const database = await startDatabase('mysql')
    const opened = await openStore(database)
    const given = { host: '127.0.0.1', port: database.port, user: 'root', database: 'test' }
    const pool = createPool(given)
    const factory = mysqlStore(pool)
    expect(factory.mistakes).toEqual([])
    const store = factory.create('promise')
    await store.ping()
    await store.shared.put('key', 'value', 2, 1)
    expect(await store.shared.get('key', 1)).toBe('value')
    await pool.end()
    await opened.close()
    await database.remove()
  }, 60_000)
})

test('what is no pool is a mistake that is told', () => {
  for (const wrong of [undefined, 'mysql://root@localhost', {}]) {
    expect(mysqlStore(wrong as unknown as Parameters<typeof mysqlStore>[0]).mistakes).toHaveLength(1)
    expect(postgresStore(wrong as unknown as Parameters<typeof postgresStore>[0]).mistakes).toHaveLength(1)
  }
})
