import { createFakeWeChat, type FakeWeChat } from '../../src/testing'
import { check, login, send } from './helpers'

const apis = { login, checkSession: check, request: send }
const names = ['login', 'checkSession', 'request'] as const

describe.each(names)('%s', (api) => {
  /** What one misbehaving call does, and how much of it inside the call. */
  async function misbehaving(behaviour: Parameters<FakeWeChat['misbehave']>[1]) {
    const fake = createFakeWeChat()
    fake.misbehave(api, behaviour)
    const { calls, results } = apis[api](fake)
    const atOnce = calls.length
    await fake.clock.advance(120_000)
    return { calls, results, atOnce }
  }
  const success = ['success', 'complete']
  const failure = ['fail', 'complete']

  test('hang never calls back', async () => {
    expect((await misbehaving('hang')).calls).toEqual([])
  })

  test('fail and blocked fail', async () => {
    expect(await misbehaving('fail')).toMatchObject({ calls: failure, results: [{ errMsg: `${api}:fail` }] })
    expect(await misbehaving('blocked')).toMatchObject({ calls: failure, results: [{ errno: 1402101 }] })
  })

  test('a failure of your own', async () => {
    const fail = { errMsg: 'fail busy', errno: 1003 }
    const told = { errMsg: `${api}:fail busy`, errno: 1003 }
    expect(await misbehaving({ fail })).toEqual({ calls: failure, results: [told], atOnce: 0 })
    expect(await misbehaving({ fail, sameTick: true })).toEqual({
      calls: failure,
      results: [told],
      atOnce: 2,
    })
  })

  test('twice calls success twice, both calls fail after success', async () => {
    expect((await misbehaving('twice')).calls).toEqual([...success, ...success])
    expect((await misbehaving('both')).calls).toEqual([...success, ...failure])
  })

  test('same-tick calls back inside the call', async () => {
    expect(await misbehaving('same-tick')).toMatchObject({ calls: success, atOnce: 2 })
  })

  test('throw throws', () => {
    const fake = createFakeWeChat()
    fake.misbehave(api, 'throw')
    expect(() => apis[api](fake)).toThrow(`${api} is not to be called now`)
  })

  test('cached answers are marked', async () => {
    expect((await misbehaving('cached')).results).toMatchObject([{ fromCache: true }])
  })

  test('empty has nothing but errMsg', async () => {
    const { results } = await misbehaving('empty')
    expect(results.map((result) => Object.keys(result))).toEqual([['errMsg']])
  })
})

test('a request may return undefined in place of a task, and is answered all the same', async () => {
  const fake = createFakeWeChat()
  fake.misbehave('request', 'undefined-task')
  const { task, calls } = send(fake)
  expect(task).toBeUndefined()
  await fake.clock.runAll()
  expect(calls).toEqual(['success', 'complete'])
})

test('a cached code is the last one that was given out', async () => {
  const fake = createFakeWeChat()
  login(fake)
  await fake.clock.runAll()
  fake.misbehave('login', 'cached')
  const { results } = login(fake)
  await fake.clock.runAll()
  expect(results).toMatchObject([{ code: 'code-1', fromCache: true }])
})

test('orders are carried out in turn, as often as they say, and can be taken back', async () => {
  const fake = createFakeWeChat()
  fake.misbehave('login', 'fail', 2)
  fake.misbehave('login', 'empty', Infinity)
  const outcomes: unknown[] = []
  for (let n = 0; n < 5; n++) {
    if (n === 4) fake.behave('login')
    const { results } = login(fake)
    await fake.clock.runAll()
    outcomes.push(results[0]?.['code'] ?? results[0]?.['errMsg'])
  }
  expect(outcomes).toEqual(['login:fail', 'login:fail', 'login:ok', 'login:ok', 'code-1'])
})

test('an order may be for some calls only', async () => {
  const fake = createFakeWeChat()
  fake.misbehave('request', 'fail', 1, ({ url }) => url?.endsWith('/b') === true)
  fake.misbehave('login', 'fail')
  fake.behave('login')
  const sent = ['/a', '/b', '/b'].map((path) => send(fake, { url: `https://api.test${path}` }))
  await fake.clock.runAll()
  expect(sent.map(({ calls }) => calls[0])).toEqual(['success', 'fail', 'success'])
  fake.misbehave('login', 'fail')
  fake.behave()
  const { calls } = login(fake)
  await fake.clock.runAll()
  expect(calls[0]).toBe('success')
})

test('a hanging request keeps its lane until it is aborted', async () => {
  const fake = createFakeWeChat()
  fake.misbehave('request', 'hang')
  const { task, results } = send(fake)
  await fake.clock.advance(120_000)
  expect(fake.network.running).toBe(1)
  task.abort()
  await fake.clock.runAll()
  expect([results, fake.network.running]).toEqual([[{ errMsg: 'request:fail abort' }], 0])
})

test('a code may be handed out twice without any mark, and the server refuses it', async () => {
  const fake = createFakeWeChat()
  fake.misbehave('login', 'same-code', 2)
  const codes = [login(fake), login(fake), login(fake)]
  await fake.clock.runAll()
  const told = (code: string) => ({ code, errMsg: 'login:ok' })
  expect(codes.map(({ results }) => results[0])).toEqual(['code-1', 'code-1', 'code-2'].map(told))
  expect(fake.account.exchange('code-1')).toMatchObject({ errcode: 0 })
  expect(fake.account.exchange('code-1')).toMatchObject({ errcode: 40163 })
})

test('a request answered from a cache has the last answer to its address, and the back end is not asked', async () => {
  let asked = 0
  const fake = createFakeWeChat({ server: () => ({ data: { asked: ++asked } }) })
  fake.misbehave('request', 'cached', 2, ({ url }) => url?.endsWith('/a') === true)
  const answers: unknown[] = []
  for (const path of ['/a', '/b', '/a', '/a']) {
    const { results } = send(fake, { url: `https://api.test${path}` })
    await fake.clock.runAll()
    answers.push([results[0]?.['data'], results[0]?.['fromCache']])
  }
  expect(answers).toEqual([
    [{ asked: 1 }, true],
    [{ asked: 2 }, undefined],
    [{ asked: 1 }, true],
    [{ asked: 3 }, undefined],
  ])
})

test('a request may return a promise in place of a task, which settles beside the callbacks', async () => {
  const fake = createFakeWeChat({ server: ({ path }) => (path === '/down' ? { fail: 'reset' } : {}) })
  fake.misbehave('request', 'promise-task', 2)
  const [good, bad] = [send(fake), send(fake, { url: 'https://api.test/down' })]
  const promised = [good.task, bad.task] as unknown as Promise<object>[]
  const settled = Promise.allSettled(promised)
  await fake.clock.runAll()
  expect(await settled).toMatchObject([
    { status: 'fulfilled', value: good.results[0] },
    { status: 'rejected', reason: bad.results[0] },
  ])
  expect([good.calls, bad.calls]).toEqual([
    ['success', 'complete'],
    ['fail', 'complete'],
  ])
})

test('a failure may be ordered by its name', async () => {
  const fake = createFakeWeChat()
  fake.misbehave('login', { fail: 'timeout' })
  const { results } = login(fake)
  await fake.clock.runAll()
  expect(results).toEqual([{ errMsg: 'login:fail timeout', errno: 5 }])
})
