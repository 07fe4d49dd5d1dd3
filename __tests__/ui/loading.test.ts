import type { RequestContext, Response, Task } from '../../src'
import { cache } from '../../src/cache'
import { loading, type LoadingOptions } from '../../src/ui'
import { failure, knownPhone, result, thrown } from '../phone'
import { watch } from '../laws/world'
import { BROKEN, clientWith, loadsOf, showing } from './world'

describe('P6: one loading, without flicker', () => {
  test.each([
    ['what is over before the delay shows none', [[0, 250]], []],
    ['what takes longer shows one from the delay on', [[0, 1000]], [[300, 1000]]],
    ['it stays for minDuration', [[0, 400]], [[300, 800]]],
    [
      'several requests show one',
      [
        [0, 1000],
        [100, 1000],
      ],
      [[300, 1100]],
    ],
    [
      'two that follow each other within minDuration show one',
      [
        [0, 400],
        [600, 1000],
      ],
      [[300, 1600]],
    ],
    [
      'each has the delay for itself',
      [
        [0, 250],
        [200, 250],
      ],
      [],
    ],
    [
      'a pause longer than that shows two',
      [
        [0, 400],
        [1000, 1000],
      ],
      [
        [300, 800],
        [1300, 2000],
      ],
    ],
  ] as [string, [number, number][], [number, number][]][])('%s', async (_, requests, shown) => {
    const { fake, api } = showing()
    const begun = fake.clock.now()
    const ends = requests.map(([at, ms]) => {
      fake.clock.setTimeout(() => watch(api.get(`/slow/${ms}`), fake), at)
      return at + ms
    })
    await fake.clock.advance(Math.max(...ends) + 2000)
    expect(loadsOf(fake, begun)).toEqual(shown)
    expect(count(fake, 'showLoading')).toBe(count(fake, 'hideLoading'))
  })

  test('an abort and a failure end it too', async () => {
    const { fake, api } = showing()
    const begun = fake.clock.now()
    const task = api.get('/slow/3000')
    const end = watch(task, fake)
    await fake.clock.advance(1000)
    task.abort()
    await fake.clock.advance(0)
    expect([end.code, loadsOf(fake, begun), fake.ui.shown]).toEqual(['ABORTED', [[300, 1000]], undefined])
  })

  test.each([
    ['aborted', {}, (task: Task<unknown>) => task.abort()],
    ['out of time', { totalTimeout: 1000 }, () => undefined],
  ] as const)('middleware that hangs keeps none up for a request that is %s', async (_, options, end) => {
    const hangs = () => new Promise<Response>(() => undefined)
    const { fake, api } = showing({}, { use: [loading(), hangs] })
    const begun = fake.clock.now()
    const task = api.get('/slow/400', {}, options)
    const ended = watch(task, fake)
    // It has nothing to hear, and nobody to say so to.
    task.onHeadersReceived(() => undefined)
    await fake.clock.advance(1000)
    end(task)
    await fake.clock.advance(5000)
    expect([ended.code === 'pending', loadsOf(fake, begun)]).toEqual([false, [[300, 1000]]])
    expect(fake.ui.shown).toBeUndefined()
  })

  test('the end of one that was aborted is not the end of another', async () => {
    const { fake, api } = showing()
    const begun = fake.clock.now()
    const [task, other] = [api.get('/slow/3000'), api.get('/slow/1000')]
    const ends = [watch(task, fake), watch(other, fake)]
    task.abort()
    await fake.clock.runAll()
    expect([ends.map(({ code }) => code), loadsOf(fake, begun)]).toEqual([['ABORTED', 'ok'], [[300, 1000]]])
  })

  test('a toast of the app’s is not hidden with it', async () => {
    const { fake, api } = showing()
    const end = watch(api.get('/slow/1000'), fake)
    await fake.clock.advance(500)
    fake.wx.showToast({ title: '已保存', fail: () => undefined })
    await fake.clock.advance(1000)
    expect([end.code, fake.ui.shown?.title]).toEqual(['ok', '已保存'])
  })

  test('none while the app is hidden', async () => {
    const { fake, api } = showing()
    const begun = fake.clock.now()
    const end = watch(api.get('/slow/3000'), fake)
    fake.app.toBackground()
    await fake.clock.advance(1000)
    expect(fake.ui.log).toEqual([])
    fake.app.toForeground()
    await fake.clock.advance(3000)
    expect([end.code, loadsOf(fake, begun)]).toEqual(['ok', [[1000, 3000]]])
  })

  test('titles, mask and languages', async () => {
    const shown = async (options: LoadingOptions, context: RequestContext = {}) => {
      const { fake, api } = showing(options)
      await result(fake, api.get('/slow/1000', {}, { context }))
      return fake.ui.log.map(({ title, mask }) => [title, mask])
    }
    expect(await shown({})).toEqual([['加载中', false]])
    expect(await shown({ language: 'en', mask: true })).toEqual([['Loading', true]])
    expect(await shown({ title: '请稍候' })).toEqual([['请稍候', false]])
    expect(await shown({ title: '请稍候' }, { loading: { title: '提交中' } })).toEqual([['提交中', false]])
    expect(await shown({}, { loading: true })).toEqual([['加载中', false]])
    expect(await shown({}, { loading: false })).toEqual([])
  })

  test('none for what is chunked, nor for what the cache has', async () => {
    const { fake, api } = showing({ delay: 0 }, { use: [loading({ delay: 300 }), cache({ ttl: 5000 })] })
    await result(fake, api.request({ url: '/slow/1000', enableChunked: true }))
    expect(fake.ui.log).toEqual([])
    await result(fake, api.get('/slow/400'))
    expect(fake.ui.log).toHaveLength(1)
    await result(fake, api.get('/slow/400'))
    expect(fake.ui.log).toHaveLength(1)
  })

  test('the cache before which it stands still knows whose its answers are, a guest’s too', async () => {
    const { fake, api } = showing({}, { use: [loading(), cache({ ttl: 5000 })], auth: 'optional' })
    const both = Promise.all([api.get('/slow/400'), api.get('/slow/400')])
    await result(fake, both)
    expect(fake.server.requests).toHaveLength(1)
  })

  test('several clients on one phone share it', async () => {
    const { fake, api } = showing()
    const other = api.extend({ use: [loading({ title: 'other', delay: 500 })] })
    const begun = fake.clock.now()
    await result(fake, Promise.all([other.get('/slow/1000'), api.get('/slow/1000')]))
    expect(loadsOf(fake, begun)).toEqual([[300, 1000]])
  })
})

describe('P8: it works without', () => {
  test.each(Object.entries(BROKEN))('a showLoading and hideLoading %s', async (_, call) => {
    const { fake } = knownPhone()
    const api = clientWith(fake, { showLoading: call, hideLoading: call }, { use: [loading()] })
    fake.server.on('/slow', () => ({ delay: 1000, data: 'ok' }))
    expect(await result(fake, api.get('/slow'))).toBe('ok')
    expect(await result(fake, api.get('/slow'))).toBe('ok')
  })
})

test('a platform’s functions are called as its own', async () => {
  const { fake } = knownPhone()
  const shown: unknown[] = []
  const changes = {
    title: 'of its own',
    showLoading(this: { title: string }) {
      shown.push(this.title)
    },
  }
  const api = clientWith(fake, changes, { use: [loading({ delay: 0 })] })
  await result(fake, api.get('/slow'))
  expect(shown).toEqual(['of its own'])
})

test('what is no option is told', async () => {
  for (const options of [{ delay: -1 }, { title: 1 }, { mask: 1 }, { language: 'fr' }, { dealy: 1 }])
    expect(thrown(() => loading(options as LoadingOptions))).toMatchObject({ code: 'CONFIG' })
  const { fake, api } = showing()
  const wrong = api.get('/slow/100', {}, { context: { loading: 'x' as never } })
  expect((await failure(fake, wrong)).code).toBe('CONFIG')
})

function count({ ui }: ReturnType<typeof showing>['fake'], name: string): number {
  return ui.calls.filter(({ api }) => api === name).length
}
