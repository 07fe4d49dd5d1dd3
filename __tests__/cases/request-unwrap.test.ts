import { BusinessError, type ClientOptions, type Middleware } from '../../src'
import { deferred, makeWorld, watch } from '../laws/world'

describe('law 9: an unwrap that is still at work', () => {
  const atWork = (client: Partial<ClientOptions> = {}) => {
    const work = deferred<string>()
    const world = makeWorld({
      stored: 'good',
      client: { checkSession: false, unwrap: () => work.promise, ...client },
    })
    return { ...world, work }
  }

  test('is awaited', async () => {
    const { fake, api, work } = atWork()
    const ended = watch(api.get('/orders'), fake)
    await fake.clock.advance(100)
    expect(ended.code).toBe('pending')
    work.resolve('done')
    await fake.clock.runAll()
    expect([ended.code, ended.value]).toEqual(['ok', 'done'])
  })

  test('may reject with an error of the app’s', async () => {
    const { fake, api, work } = atWork()
    const ended = watch(api.get('/orders'), fake)
    await fake.clock.advance(100)
    work.reject(new BusinessError('sold out', 7))
    await fake.clock.runAll()
    expect(ended.error).toMatchObject({ code: 'BUSINESS', message: 'sold out', businessCode: 7 })
  })

  test('does not resolve a request that is aborted meanwhile', async () => {
    const { fake, api, work } = atWork()
    const task = api.get('/orders')
    const ended = watch(task, fake)
    await fake.clock.advance(100)
    task.abort()
    await fake.clock.settle()
    expect(ended.code).toBe('ABORTED')
    work.resolve('late')
    await fake.clock.runAll()
    expect(ended.code).toBe('ABORTED')
  })

  test('ends at the totalTimeout, however long it works', async () => {
    const { fake, api } = atWork({ totalTimeout: 1000 })
    const ended = watch(api.get('/orders'), fake)
    await fake.clock.advance(1100)
    expect(ended.code).toBe('TIMEOUT')
  })

  test('that rejects after the abort harms nobody', async () => {
    const { fake, api, work } = atWork()
    const task = api.get('/orders')
    const ended = watch(task, fake)
    await fake.clock.advance(100)
    task.abort()
    work.reject(new Error('late'))
    await fake.clock.runAll()
    await new Promise(setImmediate)
    expect(ended.code).toBe('ABORTED')
  })

  test('one of a single request may be async too, with middleware around it', async () => {
    const pass: Middleware = (request, next) => next(request)
    const { fake, api } = makeWorld({ stored: 'good', client: { checkSession: false, use: [pass] } })
    const unwrap = ({ statusCode }: { statusCode: number }) => Promise.resolve(statusCode)
    const ended = watch(api.get('/orders', {}, { unwrap }), fake)
    await fake.clock.runAll()
    expect(ended.value).toBe(200)
  })
})
