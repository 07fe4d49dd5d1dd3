import type { Client, ClientOptions, RequestError } from '../../src'
import { thrown } from '../phone'
import { makeWorld, watch } from '../laws/world'
import { KINDS, scriptedWorld, sendBy, type Kind } from './request-helpers'

interface Told {
  errMsg?: string
  errno?: number
}

/** What `fail` and `complete` hear of it. */
async function told(
  { fake, api }: Pick<ReturnType<typeof makeWorld>, 'fake'> & { api: Client },
  kind: Kind,
  extras: object = {},
  meanwhile: (task: { abort(): void }) => void = () => undefined,
) {
  const failed: (Told & RequestError)[] = []
  const completed: unknown[] = []
  const fail = (error: Told & RequestError) => void failed.push(error)
  const complete = (outcome: unknown) => void completed.push(outcome)
  const task = sendBy(api, kind, { fail, complete, ...extras })
  const ended = watch(task, fake)
  await fake.clock.advance(50)
  meanwhile(task)
  await fake.clock.runAll()
  return { ended, error: failed[0], failed, completed }
}

const client: Partial<ClientOptions> = { checkSession: false, retry: false }

describe('R13: fail hears what WeChat would have said', () => {
  describe.each(KINDS)('%s', (kind) => {
    test('an abort', async () => {
      const world = makeWorld({ stored: 'good', client })
      world.fake.server.hold('/file')
      const { error, failed, completed } = await told(world, kind, {}, (task) => task.abort())
      expect(error).toMatchObject({ errMsg: `${kind}:fail abort`, code: 'ABORTED' })
      expect([failed.length, completed]).toEqual([1, failed])
    })

    test('a time-out of ours, and one of WeChat’s', async () => {
      const world = makeWorld({ stored: 'good', client: { ...client, timeout: 1000 } })
      world.fake.server.hold('/file')
      const ours = await told(world, kind)
      expect(ours.error).toMatchObject({ errMsg: `${kind}:fail timeout`, errno: 5, code: 'TIMEOUT' })
      const other = makeWorld({ stored: 'good', client })
      other.fake.network.failNext(1, 'timeout')
      const theirs = await told(other, kind)
      expect(theirs.error).toMatchObject({ errMsg: `${kind}:fail timeout`, errno: 5, code: 'TIMEOUT' })
    })

    test('a totalTimeout', async () => {
      const world = makeWorld({ stored: 'good', client })
      world.fake.server.hold('/file')
      const { error } = await told(world, kind, { totalTimeout: 1000 })
      expect(error).toMatchObject({ errMsg: `${kind}:fail timeout`, errno: 5 })
    })

    test('a network failure, in the platform’s own words', async () => {
      const failure = {
        errMsg: `${kind}:fail errcode:-101 error_msg:net::ERR_CONNECTION_RESET`,
        errno: 600001,
      }
      const world = await scriptedWorld(kind, (call) => call.at(10, () => call.fail(failure)), { client })
      const { error } = await told(world, kind)
      expect(error).toMatchObject({ ...failure, code: 'NETWORK' })
    })

    test('a failure without a number has none', async () => {
      const failure = { errMsg: `${kind}:fail something` }
      const world = await scriptedWorld(kind, (call) => call.at(10, () => call.fail(failure)), { client })
      const { error } = await told(world, kind)
      expect([error?.errMsg, error?.errno]).toEqual([failure.errMsg, undefined])
    })

    test('anything else: the name of the call, and what happened', async () => {
      const world = makeWorld({ stored: 'good', client })
      world.fake.server.refuseAll = true
      const { error } = await told(world, kind)
      expect(error).toMatchObject({ code: 'UNAUTHORIZED', errMsg: `${kind}:fail ${error?.message ?? ''}` })
    })

    test('a mistake in the request', async () => {
      const { error } = await told(makeWorld({ stored: 'good', client }), kind, { query: 'a=1' })
      expect(error).toMatchObject({ code: 'CONFIG', errMsg: `${kind}:fail ${error?.message ?? ''}` })
    })

    test('a login that failed', async () => {
      const world = makeWorld({ client })
      world.fake.misbehave('login', 'fail', Infinity)
      const { error } = await told(world, kind)
      expect(error).toMatchObject({ code: 'LOGIN_FAILED', errMsg: `${kind}:fail ${error?.message ?? ''}` })
    })
  })

  test('the promise is rejected with the very error that fail hears', async () => {
    const world = makeWorld({ stored: 'good', client })
    world.fake.server.hold('/file')
    const { ended, error } = await told(world, 'request', {}, (task) => task.abort())
    expect(ended.error).toBe(error)
  })

  test('the usual test for an abort works through a clone with middleware', async () => {
    const world = makeWorld({ stored: 'good', client })
    world.fake.server.hold('/file')
    const api = world.api.extend({ use: [(request, next) => next(request)] })
    const { error } = await told({ fake: world.fake, api }, 'request', {}, (task) => task.abort())
    expect(error?.errMsg === 'request:fail abort').toBe(true)
  })

  test('an abort while it waits for a login is one like any other', async () => {
    const world = makeWorld({ client })
    world.fake.misbehave('login', 'hang')
    const { error } = await told(world, 'uploadFile', {}, (task) => task.abort())
    expect(error?.errMsg).toBe('uploadFile:fail abort')
  })

  test('success and complete hear WeChat’s result, fail nothing', async () => {
    const world = makeWorld({ stored: 'good', client })
    const heard: unknown[] = []
    const success = (result: unknown) => heard.push(result)
    const { failed, completed, ended } = await told(world, 'request', { success })
    expect([failed, completed, heard]).toEqual([[], [ended.value], [ended.value]])
  })
})

describe('every error says whether it is for want of a network', () => {
  test('a request without a network, and a login without one', async () => {
    const { fake, api } = makeWorld({ client })
    fake.network.offline()
    const request = watch(api.get('/a', {}, { auth: false }), fake)
    const login = watch(api.get('/a'), fake)
    await fake.clock.runAll()
    expect([request.code, request.error?.isOffline]).toEqual(['OFFLINE', true])
    expect([login.error?.name, login.error?.isOffline]).toEqual(['LoginError', true])
  })

  test('others are not', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client })
    fake.network.failNext(1, 'reset')
    const refused = watch(api.get('/a'), fake)
    const task = api.get('/c')
    const all = [refused, watch(api.get('/none', 5 as never), fake), watch(task, fake)]
    task.abort()
    await fake.clock.runAll()
    expect(all.map(({ code, error }) => [code, error?.isOffline])).toEqual([
      ['NETWORK', false],
      ['CONFIG', false],
      ['ABORTED', false],
    ])
  })

  test('a wrong option is an error like any other', () => {
    const { api } = makeWorld()
    expect(thrown(() => api.extend(null as never)).isOffline).toBe(false)
  })
})
