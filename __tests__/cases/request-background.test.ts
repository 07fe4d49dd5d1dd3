import { altered, clientOn, codesOf, makeWorld, times, tokensAt, watch } from '../laws/world'
import { KINDS, scripted, scriptedWorld, sendBy } from './request-helpers'

const interrupted = { errMsg: 'request:fail interrupted', errno: 600003 }
const client = { checkSession: false as const }

describe('R12: what WeChat stops in the background goes again when the app is in front', () => {
  test('of 50 reads under way none fails and none is lost', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client })
    fake.server.hold('/report')
    const all = times(50, () => watch(api.get('/report'), fake))
    await fake.clock.advance(100)
    fake.app.toBackground()
    await fake.clock.advance(10_000)
    expect(new Set(codesOf(all))).toEqual(new Set(['pending']))
    fake.server.release('/report')
    fake.app.toForeground()
    await fake.clock.runAll()
    expect(new Set(codesOf(all))).toEqual(new Set(['ok']))
  })

  test('while it is behind, nothing is called that WeChat would refuse', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client })
    fake.server.hold('/report')
    const all = times(20, () => watch(api.get('/report'), fake))
    await fake.clock.advance(100)
    fake.app.toBackground()
    const called = fake.calls.requestCount
    await fake.clock.advance(20_000)
    expect(fake.calls.requestCount).toBe(called)
    fake.server.release('/report')
    fake.app.toForeground()
    await fake.clock.runAll()
    expect(new Set(codesOf(all))).toEqual(new Set(['ok']))
  })

  test('a POST is sent once, and told as INTERRUPTED', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client })
    fake.server.hold('/orders')
    const sent = watch(api.post('/orders', { item: 'A' }), fake)
    await fake.clock.advance(100)
    fake.app.toBackground()
    await fake.clock.advance(6000)
    fake.app.toForeground()
    fake.server.release('/orders')
    await fake.clock.runAll()
    expect([sent.code, tokensAt({ fake }, '/orders').length]).toEqual(['INTERRUPTED', 1])
  })

  test('a POST that may be retried goes again', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client })
    fake.server.hold('/search')
    const sent = watch(api.post('/search', {}, { retry: { methods: ['POST'] } }), fake)
    await fake.clock.advance(100)
    fake.app.toBackground()
    await fake.clock.advance(6000)
    fake.app.toForeground()
    fake.server.release('/search')
    await fake.clock.runAll()
    expect([sent.code, tokensAt({ fake }, '/search').length]).toEqual(['ok', 2])
  })

  test('with retry: false a read is INTERRUPTED too', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client })
    fake.server.hold('/report')
    const sent = watch(api.get('/report', {}, { retry: false }), fake)
    await fake.clock.advance(100)
    fake.app.toBackground()
    await fake.clock.advance(6000)
    fake.app.toForeground()
    await fake.clock.runAll()
    expect([sent.code, tokensAt({ fake }, '/report').length]).toEqual(['INTERRUPTED', 1])
  })

  test('an upload is INTERRUPTED, a download goes again', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client })
    fake.server.hold('/file')
    const all = [watch(sendBy(api, 'uploadFile'), fake), watch(sendBy(api, 'downloadFile'), fake)]
    await fake.clock.advance(100)
    fake.app.toBackground()
    await fake.clock.advance(6000)
    fake.app.toForeground()
    fake.server.release('/file')
    await fake.clock.runAll()
    expect(codesOf(all)).toEqual(['INTERRUPTED', 'ok'])
  })

  test('it is no try: twice behind, and the one retry is still there', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: { ...client, retry: 1 } })
    let answers = 0
    fake.server.on('/report', () => {
      answers++
      if (answers <= 2) return { lost: true }
      return { statusCode: answers === 3 ? 503 : 200 }
    })
    const sent = watch(api.get('/report'), fake)
    for (let n = 0; n < 2; n++) {
      await fake.clock.advance(100)
      fake.app.toBackground()
      await fake.clock.advance(6000)
      fake.app.toForeground()
    }
    await fake.clock.runAll()
    expect([sent.code, answers]).toEqual(['ok', 4])
  })

  test('a read that is aborted behind does not go out in front', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client })
    fake.server.hold('/report')
    const task = api.get('/report')
    const sent = watch(task, fake)
    await fake.clock.advance(100)
    fake.app.toBackground()
    await fake.clock.advance(6000)
    task.abort()
    await fake.clock.settle()
    expect(sent.code).toBe('ABORTED')
    fake.app.toForeground()
    await fake.clock.runAll()
    expect(tokensAt({ fake }, '/report').length).toBe(1)
  })

  test('nor one whose user logs out behind', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client })
    fake.server.hold('/report')
    const sent = watch(api.get('/report'), fake)
    await fake.clock.advance(100)
    fake.app.toBackground()
    await fake.clock.advance(6000)
    api.logout()
    fake.app.toForeground()
    await fake.clock.runAll()
    expect([sent.code, tokensAt({ fake }, '/report').length]).toEqual(['LOGGED_OUT', 1])
  })

  test('through middleware and a clone it is the same', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client })
    fake.server.hold('/report')
    const clone = api.extend({ use: [(request, next) => next(request)] })
    const sent = watch(clone.get('/report'), fake)
    await fake.clock.advance(100)
    fake.app.toBackground()
    await fake.clock.advance(6000)
    fake.app.toForeground()
    fake.server.release('/report')
    await fake.clock.runAll()
    expect(sent.code).toBe('ok')
  })
})

describe('law 17: asked for behind, or stopped in front', () => {
  test.each(KINDS)('a %s that is made in onHide goes at once', async (kind) => {
    const { fake } = makeWorld({ stored: 'good' })
    const { calls, platform } = scripted(fake, kind, (call) => call.at(10, () => call.succeed()))
    const { api } = clientOn(fake, { platform, ...client })
    fake.wx.onAppHide(() => void watch(sendBy(api, kind), fake))
    await fake.clock.advance(100)
    fake.app.toBackground()
    await fake.clock.advance(100)
    expect(calls.length).toBe(1)
  })

  test.each([
    ['by number', interrupted],
    [
      'by words alone',
      {
        errMsg:
          'request:fail createRequestTask:fail: jsapi has no permission, event=createRequestTask, ' +
          'runningState=suspend, network api interrupted in suspend state',
      },
    ],
  ])('an interruption that is heard in front, %s, goes again at once', async (_how, failure) => {
    const { fake, api, calls } = await scriptedWorld('request', (call) =>
      call.at(10, () => (call.nth === 0 ? call.fail(failure) : call.succeed())),
    )
    const begun = fake.clock.now()
    const sent = watch(api.get('/report'), fake)
    await fake.clock.runAll()
    expect([sent.code, calls.length]).toEqual(['ok', 2])
    // The shortest back-off is 150 ms.
    expect((sent.at ?? Infinity) - begun).toBeLessThan(100)
  })

  test('and it counts as a try', async () => {
    const { fake, api, calls } = await scriptedWorld('request', (call) =>
      call.at(10, () => call.fail(interrupted)),
    )
    const sent = watch(api.get('/report', {}, { retry: 2 }), fake)
    await fake.clock.runAll()
    expect([sent.code, calls.length]).toEqual(['INTERRUPTED', 3])
  })

  test('a POST that is interrupted in front is sent once', async () => {
    const { fake, api, calls } = await scriptedWorld('request', (call) =>
      call.at(10, () => call.fail(interrupted)),
    )
    const sent = watch(api.post('/orders', {}), fake)
    await fake.clock.runAll()
    expect([sent.code, calls.length]).toEqual(['INTERRUPTED', 1])
  })

  test('a platform that tells of no hiding and showing is one that is in front', async () => {
    const { fake } = makeWorld({ stored: 'good' })
    const { calls, platform } = scripted(fake, 'request', (call) =>
      call.at(10, () => (call.nth === 0 ? call.fail(interrupted) : call.succeed())),
    )
    const bare = { ...platform, onAppShow: undefined, onAppHide: undefined } as unknown as typeof platform
    const { api } = clientOn(fake, { platform: bare, ...client })
    const sent = watch(api.get('/report'), fake)
    await fake.clock.runAll()
    expect([sent.code, calls.length]).toEqual(['ok', 2])
  })
})

test('a wx.login that WeChat refuses in the background is called again in front', async () => {
  const { fake } = makeWorld()
  let isBehind = true
  const login = (options: { fail: (failure: object) => void }): void => {
    if (isBehind)
      fake.clock.setTimeout(() => options.fail({ ...interrupted, errMsg: 'login:fail interrupted' }), 1)
    else fake.wx.login(options)
  }
  const { api } = clientOn(fake, { platform: altered(fake, { login }), ...client })
  fake.app.toBackground()
  const all = [watch<unknown>(api.ensureLogin(), fake), watch<unknown>(api.get('/orders'), fake)]
  await fake.clock.advance(4000)
  expect(codesOf(all)).toEqual(['pending', 'pending'])
  isBehind = false
  fake.app.toForeground()
  await fake.clock.runAll()
  expect(codesOf(all)).toEqual(['ok', 'ok'])
})
