import { createClient, RESP_TYPES } from '@redis/client'
import { Redis } from 'ioredis'
import { redisStore } from '../../src/stores/redis.ts'
import { storeSuite } from '../../src/stores/suite.ts'
import { describeOn, startDatabase, type Database } from '../databases.ts'
import { openStore, type OpenStore } from './open.ts'

describeOn('redis')('on Redis', () => {
  let database: Database
  let opened: OpenStore
  beforeAll(async () => {
    database = await startDatabase('redis')
    opened = await openStore(database)
  })
  afterAll(async () => {
    await opened.close()
    await database.remove()
  })

  describe('with node-redis', () => storeSuite(test, (namespace) => opened.factory.create(namespace)))

  describe('with ioredis', () => {
    let client: Redis
    beforeAll(() => {
      client = new Redis(database.port, '127.0.0.1')
    })
    afterAll(() => client.disconnect())
    storeSuite(test, (namespace) => redisStore(client).create(namespace))
  })

  describe('with a node-redis that gives bytes', () => {
    const typeMapping = { [RESP_TYPES.BLOB_STRING]: Buffer }
    const client = () => createClient({ url: database.url, commandOptions: { typeMapping } })
    let bytes: ReturnType<typeof client>
    beforeAll(async () => {
      bytes = client()
      await bytes.connect()
    })
    afterAll(() => bytes.destroy())
    storeSuite(test, (namespace) => redisStore(bytes).create(namespace))
  })

  test('a server that has forgotten its scripts is told them again', async () => {
    const store = opened.factory.create('suite')
    await opened.run('SCRIPT FLUSH')
    expect(await store.list('nobody')).toEqual([])
  })
})
