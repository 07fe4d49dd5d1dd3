import { BusinessError, type Client, type Response } from '../../src'
import { scope } from '../../src/page'
import { streamJson, streamText } from '../../src/stream'
import { failures, loading, type FailuresOptions } from '../../src/ui'
import { CODES, textOf } from '../../src/ui/messages'
import { RequestError } from '../../src/errors'
import { failure, knownPhone, result, thrown } from '../phone'
import { watch } from '../laws/world'
import { BROKEN, clientWith, failFirst, failing, toastsOf } from './world'

const NEVER = { retry: false } as const
const OURS = '出了点问题，请稍后再试'

describe('messages', () => {
  const SILENT = ['ABORTED', 'LOGGED_OUT', 'LOGIN_REQUIRED']
  test.each(CODES)('%s has a sentence in each language, or is silent', (code) => {
    // One of BUSINESS shows its own words, where it has any.
    const error = new RequestError(code as 'TIMEOUT', code === 'BUSINESS' ? '' : 'internal')
    const zh = textOf(error, 0, undefined)
    const en = textOf(error, 1, undefined)
    if (SILENT.includes(code)) {
      expect([zh, en]).toEqual(['', ''])
      return
    }
    expect(zh).toMatch(/[\u4e00-\u9fff]{4}/)
    expect(en).toMatch(/^[A-Z].*\.$/)
    // Two lines of a toast.
    expect([zh.length < 25, en.length < 65]).toEqual([true, true])
  })

  const show = async (options: FailuresOptions, reply: object = { statusCode: 403 }) => {
    const { fake, api, toasts } = failing({ ...NEVER, ...options }, { unwrap: business })
    fake.server.on('/fail', () => reply)
    await failure(fake, api.get('/fail'))
    return toasts()
  }
  const business = ({ data }: { data: unknown }) => {
    throw new BusinessError(String(data), 7)
  }

  test('those of the app come first, by code or by function; an empty one is silent', async () => {
    expect(await show({})).toEqual(['出了点问题，请稍后再试'])
    expect(await show({ messages: { HTTP_STATUS: '请重试' } })).toEqual(['请重试'])
    expect(await show({ messages: { HTTP_STATUS: '' } })).toEqual([])
    expect(await show({ messages: ({ code }) => `code ${code}` })).toEqual(['code HTTP_STATUS'])
    expect(await show({ messages: () => undefined, language: 'en' })).toEqual([
      'Something went wrong. Please try again later.',
    ])
  })

  test('a BusinessError shows its own', async () => {
    expect(await show({}, { data: '余额不足' })).toEqual(['余额不足'])
    expect(await show({ messages: { BUSINESS: '失败' } }, { data: '余额不足' })).toEqual(['失败'])
  })
})

describe('what is shown', () => {
  test('an error once, however many requests share it; the page hears of it as ever', async () => {
    const { fake, api, toasts } = failing({ ...NEVER }, { login: { url: '/login', retry: 0 } })
    fake.storage.clear()
    fake.server.on('/login', () => ({ statusCode: 400 }))
    const ends = [1, 2, 3].map((n) => watch(api.get(`/${n}`), fake))
    await fake.clock.runAll()
    expect(new Set(ends.map(({ code }) => code)).size).toBe(1)
    expect(toasts()).toHaveLength(1)
  })

  test('nothing for ABORTED, LOGGED_OUT, and where the request says so', async () => {
    const { fake, api, toasts } = failing(NEVER)
    fake.server.on('/fail', () => ({ statusCode: 403 }))
    const task = api.get('/fail')
    const ends = [watch(task, fake)]
    task.abort()
    ends.push(watch(api.get('/fail', {}, { context: { failure: false } }), fake))
    fake.server.expire()
    ends.push(watch(api.get('/other'), fake))
    await fake.clock.advance(1)
    api.logout()
    await fake.clock.runAll()
    expect(toasts()).toEqual([])
    expect(ends[0]?.code).toBe('ABORTED')
  })

  test('nothing while the app is hidden', async () => {
    const { fake, api } = failing()
    failFirst(fake, '/fail', 5)
    const end = watch(api.get('/fail'), fake)
    fake.app.toBackground()
    await fake.clock.advance(100)
    expect([end.code, fake.ui.calls]).toEqual(['HTTP_STATUS', []])
  })

  test.each(['show-first', 'callbacks-first'] as const)(
    'a write that the background has stopped is told of when the app is back: %s',
    async (wakes) => {
      const { fake } = knownPhone({}, { freezesInBackground: true, wakes })
      const api = failures(clientWith(fake, {}))
      fake.server.hold('/avatar')
      const end = watch(api.uploadFile({ url: '/avatar', filePath: 'a', name: 'f' }), fake)
      await fake.clock.advance(100)
      fake.app.toBackground()
      await fake.clock.advance(60_000)
      expect(fake.ui.calls).toEqual([])
      fake.app.toForeground()
      await fake.clock.advance(100)
      expect([end.code, fake.ui.shown?.title]).toEqual(['INTERRUPTED', '刚才离开时中断了，请重试'])
    },
  )

  test('of what has failed in the background the last is told when the app is back', async () => {
    const { fake, api } = failing()
    failFirst(fake, '/fail', 5)
    fake.server.on('/late', () => ({ fail: 'reset', delay: 50 }))
    const ends = [watch(api.get('/fail'), fake), watch(api.get('/late'), fake)]
    fake.app.toBackground()
    await fake.clock.advance(1000)
    expect(fake.ui.calls).toEqual([])
    fake.app.toForeground()
    await fake.clock.advance(100)
    expect([ends.map(({ code }) => code), fake.ui.log.length]).toEqual([['HTTP_STATUS', 'NETWORK'], 1])
    expect(fake.ui.shown?.title).toBe('网络连接失败，请检查网络后再试')
  })

  test('P6: a toast comes when loading has been there for its minDuration, and loading again after it', async () => {
    const { fake, api } = failing(NEVER)
    const begun = fake.clock.now()
    fake.server.on('/fail', () => ({ statusCode: 403, delay: 400 }))
    const ends = [watch(api.get('/fail'), fake), watch(api.get('/slow/3000'), fake)]
    fake.server.on('/slower', () => ({ delay: 5000 }))
    ends.push(watch(api.get('/slower'), fake))
    await fake.clock.runAll()
    const log = fake.ui.log.map(({ kind, from, until }) => [kind, from - begun, Number(until) - begun])
    expect(log).toEqual([
      ['loading', 300, 800],
      ['toast', 800, 3300],
      ['loading', 3300, 5000],
    ])
    expect(ends.map(({ code }) => code)).toEqual(['HTTP_STATUS', 'ok', 'ok'])
  })

  test('callbacks, listeners and abort are those of any task', async () => {
    const { fake, api } = failing(NEVER)
    const heard: unknown[] = []
    const task = api.downloadFile({ url: '/f', success: (file: Response) => heard.push(file.statusCode) })
    task.onHeadersReceived(() => heard.push('head'))
    await result(fake, task)
    expect(heard).toEqual(['head', 200])
    const wrong = api.request({ url: '/f', signal: 1 as never, fail: ({ message }) => heard.push(message) })
    expect((await failure(fake, wrong)).code).toBe('CONFIG')
    expect(heard).toHaveLength(3)
  })

  test('one that is aborted says how often it went out: a write may have arrived', async () => {
    const { fake, api } = failing(NEVER, {})
    const file = { url: '/slow/400', filePath: 'a', name: 'f' }
    const tasks = [
      api.post('/slow/400'),
      api.uploadFile(file),
      api.authorize(() => new Promise(() => undefined)),
    ]
    const ends = tasks.map((task) => watch(task as Promise<unknown>, fake))
    await fake.clock.advance(10)
    for (const task of tasks) task.abort()
    await fake.clock.runAll()
    expect(ends.map(({ error }) => error)).toMatchObject([
      { code: 'ABORTED', attempts: 1, errMsg: 'request:fail abort' },
      { code: 'ABORTED', attempts: 1, errMsg: 'uploadFile:fail abort' },
      { code: 'ABORTED', attempts: 1, errMsg: 'request:fail abort' },
    ])
  })

  test('a stream is told and not asked for again', async () => {
    const { fake, api, modals, toasts } = failing()
    fake.server.on('/poem', () => ({ statusCode: 500 }))
    const end = watch(
      streamText(api, { url: '/poem' }).forEach(() => undefined),
      fake,
    )
    await fake.clock.runAll()
    expect([end.code, modals().length, toasts().length]).toEqual(['HTTP_STATUS', 0, 1])
  })

  test('and so is one that cannot be read from the middle on, but not one that is given up', async () => {
    const { fake, api, toasts } = failing()
    fake.server.on('/poem', () => ({
      header: { 'content-type': 'application/x-ndjson' },
      chunks: ['{"a":1}\n', { after: 10, data: '{oops\n' }, { after: 10, data: '{"a":2}\n' }],
    }))
    const streams = [streamJson(api, { url: '/poem' }), streamJson(api, { url: '/poem' })]
    const [broken, left] = streams.map((stream) =>
      watch(
        stream.forEach(() => undefined),
        fake,
      ),
    )
    await fake.clock.advance(1)
    streams[1]?.abort()
    await fake.clock.runAll()
    expect([broken?.code, left?.code, toasts()]).toEqual(['BAD_STREAM', 'ABORTED', [OURS]])
  })

  test('what is no error is told, and once', async () => {
    const reason = JSON.parse('"broken"') as Error
    const { fake, api, toasts } = failing({}, { use: [() => Promise.reject(reason)] })
    await failure(fake, api.get('/fail'))
    expect(toasts()).toEqual([OURS])
  })
})

describe('P7: another try', () => {
  async function fails(count: number, send: (api: Client) => Promise<unknown>, times = 1) {
    const world = failing()
    failFirst(world.fake, '/fail', count)
    const ends = Array.from({ length: times }, () => watch(send(world.api), world.fake))
    await world.fake.clock.advance(100)
    return { ...world, ends, end: ends[0] as (typeof ends)[number], modal: () => world.modals()[0] }
  }
  const get = (api: Client) => api.get('/fail')

  test('one dialog for all that fail together, and they all go again', async () => {
    const { fake, ends, modals, modal } = await fails(3, get, 3)
    expect([modals().length, modal()?.confirmText, modal()?.cancelText]).toEqual([1, '重试', '取消'])
    modal()?.confirm()
    await fake.clock.runAll()
    expect(ends.map(({ code, value }) => [code, value])).toEqual(Array(3).fill(['ok', 'ok']))
    expect(fake.server.requests).toHaveLength(6)
  })

  test.each(['cancel', 'dismiss'] as const)('on %s they all fail, and no toast follows', async (how) => {
    const { fake, ends, modal, toasts } = await fails(3, get, 3)
    modal()?.[how]()
    await fake.clock.runAll()
    expect(ends.map(({ code }) => code)).toEqual(Array(3).fill('HTTP_STATUS'))
    expect([toasts(), fake.server.requests.length]).toEqual([[], 3])
  })

  test('at most three dialogs for one call, then a toast', async () => {
    const { fake, end, modals, toasts } = await fails(9, get)
    for (let time = 0; time < 3; time++) {
      expect(modals()).toHaveLength(1)
      modals()[0]?.confirm()
      await fake.clock.advance(100)
    }
    expect([modals().length, end.code, toasts().length, fake.server.requests.length]).toEqual([
      0,
      'HTTP_STATUS',
      1,
      4,
    ])
  })

  test.each([
    ['a POST that a server has failed at', (api: Client) => api.post('/fail'), 0],
    ['a POST that only asks', (api: Client) => api.post('/fail', {}, { context: { read: true } }), 1],
    ['a PUT', (api: Client) => api.put('/fail'), 0],
    [
      'an upload',
      (api: Client) => api.uploadFile({ url: '/fail', filePath: 'a', name: 'f', throwHttpErrors: true }),
      0,
    ],
    ['a download', (api: Client) => api.downloadFile({ url: '/fail', throwHttpErrors: true }), 1],
  ])('%s', async (_, send, dialogs) => {
    const { modals } = await fails(9, send)
    expect(modals()).toHaveLength(dialogs)
  })

  test('a POST that cannot have arrived is asked for, with the data as they were given', async () => {
    const { fake, api, modals } = failing()
    const data = { title: 'tea' }
    fake.network.failNext(1, 'dns')
    const end = watch(api.post('/orders', data), fake)
    data.title = 'changed'
    await fake.clock.advance(100)
    modals()[0]?.confirm()
    await fake.clock.runAll()
    expect([end.code, fake.server.requests[0]?.json]).toEqual(['ok', { title: 'tea' }])
  })

  test('a POST that was there when the network went is not sent again, though another failure is asked for', async () => {
    const { fake, api, modals } = failing()
    fake.server.on('/orders', () => ({ delay: 300 }))
    const order = watch(api.post('/orders', {}), fake)
    await fake.clock.advance(100)
    fake.network.offline()
    const read = watch(api.get('/orders'), fake)
    await fake.clock.advance(100)
    fake.network.online()
    modals()[0]?.confirm()
    await fake.clock.runAll()
    expect([order.code, read.code]).toEqual(['OFFLINE', 'ok'])
    expect(fake.server.requests.filter(({ method }) => method === 'POST')).toHaveLength(1)
  })

  test('authorize() is asked for when the login failed, and not when it ran', async () => {
    const { fake, api, modals } = failing({}, { login: { url: '/login', retry: 0 } })
    fake.storage.clear()
    fake.network.offline()
    const end = watch(
      api.authorize((token) => Promise.resolve(token)),
      fake,
    )
    await fake.clock.advance(1000)
    fake.network.online()
    modals()[0]?.confirm()
    await fake.clock.runAll()
    expect([end.code, end.value]).toEqual(['ok', api.session?.token])
    const own = watch(
      api.authorize(() => Promise.reject(new Error('mine'))),
      fake,
    )
    await fake.clock.runAll()
    expect([own.error?.message, modals().length, toastsOf(fake)]).toEqual([
      'mine',
      0,
      ['出了点问题，请稍后再试'],
    ])
  })

  test('retry says which; what it says of a write counts', async () => {
    const { fake, api, modals, toasts } = failing({ retry: ({ code }) => code === 'HTTP_STATUS' })
    failFirst(fake, '/fail', 1, { statusCode: 404 })
    const end = watch(api.post('/fail'), fake)
    await fake.clock.advance(100)
    modals()[0]?.confirm()
    await fake.clock.runAll()
    expect([end.code, toasts()]).toEqual(['ok', []])
  })

  test('an abort while it is open ends at once, and yes sends nothing', async () => {
    const world = failing()
    failFirst(world.fake, '/fail', 9)
    const controller = new AbortController()
    const shown = scope(world.api)
    const task = world.api.get('/fail')
    const ends = [
      watch(task, world.fake),
      watch(world.api.get('/fail', {}, { signal: controller.signal }), world.fake),
      watch(shown.get('/fail'), world.fake),
    ]
    await world.fake.clock.advance(100)
    task.abort()
    controller.abort()
    shown.end()
    await world.fake.clock.advance(0)
    expect(ends.map(({ code }) => code)).toEqual(['ABORTED', 'ABORTED', 'ABORTED'])
    world.modals()[0]?.confirm()
    await world.fake.clock.runAll()
    expect([world.fake.server.requests.length, world.modals().length]).toEqual([3, 0])
  })

  test('what the old user asked for does not go as the new one’s', async () => {
    const { fake, api, end, modal } = await fails(1, get)
    api.logout()
    api.setSession(fake.server.issue())
    modal()?.confirm()
    await fake.clock.runAll()
    expect([end.code, fake.server.requests.length]).toEqual(['LOGGED_OUT', 1])
  })

  test('callbacks are called once, listeners hear the try that counts', async () => {
    const world = failing()
    failFirst(world.fake, '/fail', 1)
    const heard: unknown[] = []
    const task = world.api.request({
      url: '/fail',
      throwHttpErrors: true,
      success: ({ data }) => heard.push(data),
      fail: () => heard.push('fail'),
      complete: () => heard.push('complete'),
    })
    task.onHeadersReceived(({ statusCode }) => heard.push(statusCode))
    await world.fake.clock.advance(100)
    heard.length = 0
    world.modals()[0]?.confirm()
    await world.fake.clock.runAll()
    expect(heard).toEqual([200, 'ok', 'complete'])
  })

  test('no loading while it is open, and the buttons fit in each language', async () => {
    const { fake, api, modals } = failing({ language: 'en' })
    failFirst(fake, '/fail', 1)
    const ends = [watch(api.get('/fail'), fake), watch(api.get('/slow/1000'), fake)]
    await fake.clock.advance(900)
    expect([fake.ui.log, modals()[0]?.confirmText, modals()[0]?.cancelText]).toEqual([[], 'Yes', 'No'])
    modals()[0]?.cancel()
    await fake.clock.runAll()
    expect([ends.map(({ code }) => code), fake.ui.log.length]).toEqual([['HTTP_STATUS', 'ok'], 1])
  })

  describe('a dialog that the phone has lost, and that nobody answers', () => {
    /** Its first dialog is never seen, and calls nothing back. */
    async function lost() {
      const { fake } = knownPhone()
      let isLost = true
      const showModal = (options: object): unknown => {
        if (!isLost) return fake.wx.showModal(options)
        isLost = false
        return undefined
      }
      const api = failures(clientWith(fake, { showModal }, { use: [loading()] }))
      failFirst(fake, '/fail', 2)
      fake.server.on('/slow', () => ({ delay: 1000 }))
      fake.server.on('POST /orders', () => ({ statusCode: 500 }))
      const first = watch(api.get('/fail'), fake)
      await fake.clock.advance(100)
      return { fake, api, first }
    }

    test('is asked anew a minute later, for all who wait', async () => {
      const { fake, api, first } = await lost()
      const again = watch(api.get('/fail'), fake)
      await fake.clock.advance(50_000)
      expect(fake.ui.modals).toHaveLength(0)
      await fake.clock.advance(10_000)
      failFirst(fake, '/late', 1)
      const late = watch(api.get('/late'), fake)
      await fake.clock.advance(100)
      expect([fake.ui.modals.length, first.code, again.code]).toEqual([1, 'pending', 'pending'])
      fake.ui.modals[0]?.confirm()
      await fake.clock.runAll()
      expect([first.code, again.code, late.code]).toEqual(['ok', 'ok', 'ok'])
    })

    test('keeps neither loading nor toasts away any longer', async () => {
      const { fake, api, first } = await lost()
      await fake.clock.advance(60_000)
      const slow = watch(api.get('/slow'), fake)
      await fake.clock.advance(1000)
      const order = watch(api.post('/orders'), fake)
      await fake.clock.runAll()
      expect([slow.code, order.code, first.code]).toEqual(['ok', 'HTTP_STATUS', 'pending'])
      expect(fake.ui.log.map(({ kind }) => kind)).toEqual(['loading', 'toast'])
    })

    test('and not one that was only left: whoever is back has a minute more', async () => {
      const { fake, api, modals } = failing()
      failFirst(fake, '/fail', 9)
      const ends = [watch(api.get('/fail'), fake)]
      await fake.clock.advance(30_000)
      fake.app.toBackground()
      await fake.clock.advance(600_000)
      fake.app.toForeground()
      ends.push(watch(api.get('/fail'), fake))
      await fake.clock.advance(59_000)
      ends.push(watch(api.get('/fail'), fake))
      await fake.clock.advance(100)
      expect([modals().length, ends.map(({ code }) => code)]).toEqual([1, Array(3).fill('pending')])
      modals()[0]?.cancel()
      await fake.clock.runAll()
      expect(ends.map(({ code }) => code)).toEqual(Array(3).fill('HTTP_STATUS'))
    })

    test('nor is anybody answered by a failure that comes while the app is away', async () => {
      const { fake, api, modals } = failing()
      failFirst(fake, '/fail', 9)
      const first = watch(api.get('/fail'), fake)
      await fake.clock.advance(59_000)
      fake.server.on('/slower', () => ({ delay: 4000, statusCode: 500 }))
      const second = watch(api.get('/slower'), fake)
      fake.app.toBackground()
      await fake.clock.advance(4500)
      expect([first.code, second.code, modals().length]).toEqual(['pending', 'pending', 1])
    })

    test('and one whose user is only slow is answered once: by the first that is tapped', async () => {
      const { fake, api, modals } = failing()
      failFirst(fake, '/fail', 2)
      const ends = [watch(api.get('/fail'), fake)]
      await fake.clock.advance(61_000)
      ends.push(watch(api.get('/fail'), fake))
      await fake.clock.advance(100)
      const [below, above] = modals()
      above?.confirm()
      await fake.clock.advance(100)
      below?.cancel()
      await fake.clock.runAll()
      expect([ends.map(({ code }) => code), fake.server.requests.length]).toEqual([['ok', 'ok'], 4])
    })
  })

  test('failures on failures are failures', async () => {
    const world = failing()
    failFirst(world.fake, '/fail', 9)
    const twice = failures(world.api)
    const end = watch(twice.get('/fail'), world.fake)
    await world.fake.clock.advance(100)
    world.modals()[0]?.cancel()
    await world.fake.clock.runAll()
    expect([end.code, world.modals().length, world.toasts()]).toEqual(['HTTP_STATUS', 0, []])
    const once = watch(failures(failing(NEVER).api, NEVER).get('/fail'), world.fake)
    await world.fake.clock.runAll()
    expect(once.code).toBe('pending')
  })

  test('clones show theirs too', async () => {
    const { fake, api, toasts } = failing(NEVER)
    fake.server.on('/fail', () => ({ statusCode: 404 }))
    await failure(fake, api.extend({ timeout: 5 }).get('/fail'))
    expect(toasts()).toHaveLength(1)
  })
})

describe('P8: it works without', () => {
  test.each(Object.entries(BROKEN))('a showModal and showToast %s', async (_, call) => {
    const { fake } = knownPhone()
    const api = failures(clientWith(fake, { showModal: call, showToast: call }))
    fake.server.on('/fail', () => ({ statusCode: 500 }))
    const ends = [watch(api.get('/fail'), fake), watch(api.get('/fail'), fake)]
    await fake.clock.runAll()
    expect(ends.map(({ code }) => code)).toEqual(['HTTP_STATUS', 'HTTP_STATUS'])
  })

  test('a showModal that fails, with a toast instead', async () => {
    const { fake } = knownPhone()
    const api = failures(clientWith(fake, { showModal: undefined }))
    fake.server.on('/fail', () => ({ statusCode: 500 }))
    await failure(fake, api.get('/fail'))
    expect(toastsOf(fake)).toHaveLength(1)
  })

  test('functions of the app’s that throw', async () => {
    const error = jest.spyOn(console, 'error').mockReturnValue()
    const broken = () => {
      throw new Error('mine')
    }
    for (const options of [
      { messages: broken },
      { retry: broken },
      { retry: () => Promise.resolve(true) as never },
    ]) {
      const { fake, api } = failing(options)
      fake.server.on('/fail', () => ({ statusCode: 500 }))
      expect((await failure(fake, api.get('/fail'))).code).toBe('HTTP_STATUS')
    }
    expect(error).toHaveBeenCalledTimes(3)
    error.mockRestore()
  })
})

test('what is no option is told', async () => {
  const { fake, api } = failing()
  const wrong = [
    { language: 'fr' },
    { messages: { NETWROK: 'x' } },
    { messages: 1 },
    { retry: true },
    { retries: 1 },
  ]
  for (const options of wrong)
    expect(thrown(() => failures(api, options as FailuresOptions))).toMatchObject({ code: 'CONFIG' })
  const bad = api.get('/x', {}, { context: { failure: 1 as never } })
  expect((await failure(fake, bad)).code).toBe('CONFIG')
})
