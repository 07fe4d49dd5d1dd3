import type { FakeWeChat } from '../../src/testing'
import { knownPhone, KEY, outcome, phone, result } from '../phone'

test('a listener set right after sending hears what comes', async () => {
  const { fake, api } = knownPhone()
  const heard: number[] = []
  const task = api.uploadFile({ url: '/avatar', filePath: 'a.png', name: 'file' })
  task.onProgressUpdate(({ progress }) => heard.push(progress))
  await result(fake, task)
  expect(heard[heard.length - 1]).toBe(100)
})

/** Every task's `onHeadersReceived` throws. */
function breakTasks(fake: FakeWeChat) {
  const { request } = fake.wx
  fake.wx.request = (options: WechatMiniprogram.RequestOption) => {
    const task = request(options)
    task.onHeadersReceived = () => {
      throw new Error('no listeners here')
    }
    return task
  }
}

test('a platform task whose listeners throw fails nobody and costs no lane', async () => {
  const { fake, api } = knownPhone({ concurrency: 1, checkSession: false, storage: { encrypt: true } })
  breakTasks(fake)
  const task = api.get('/first')
  task.onHeadersReceived(() => undefined)
  const others = ['/a', '/b', '/c'].map((url) =>
    api.get(url, undefined, { auth: false }).catch(() => undefined),
  )
  await Promise.all([task, ...others].map((promise) => outcome(fake, promise)))
  expect(fake.calls.maxParallel).toBe(1)
  expect(await outcome(fake, task)).toMatchObject({ value: { ok: true } })
})

test('listeners set while it waits for a login hear the request that follows', async () => {
  const { fake, api } = phone()
  const statuses: unknown[] = []
  const task = api.request({ url: '/orders' })
  task.onHeadersReceived(({ statusCode }) => statuses.push(statusCode))
  await result(fake, task)
  expect(statuses).toEqual([200])
})

test('listeners set in the queue hear the request that follows', async () => {
  const { fake, api } = knownPhone({ concurrency: 1 })
  const statuses: unknown[] = []
  const first = api.get('/first')
  const task = api.request({ url: '/orders' })
  task.onHeadersReceived(({ statusCode }) => statuses.push(statusCode))
  await result(fake, Promise.all([first, task]))
  expect(statuses).toEqual([200])
})

test('a request sent again reports progress again, to the same listeners', async () => {
  let stored: unknown = { token: 'dead' }
  const storage = {
    get: () => Promise.resolve(stored),
    set: (session: unknown) => void (stored = session),
    remove: () => void (stored = undefined),
  }
  const { fake, api } = phone({ storage })
  const heard: number[] = []
  const task = api.uploadFile({ url: '/avatar', filePath: 'a.png', name: 'file' })
  task.onProgressUpdate(({ progress }) => heard.push(progress))
  await result(fake, task)
  expect(fake.calls.requests.filter(({ api: kind }) => kind === 'uploadFile')).toHaveLength(2)
  expect(heard.filter((progress) => progress === 100)).toHaveLength(2)
})

test('off with a listener stops that one; off without stops all', async () => {
  const { fake, api } = phone()
  const heard: string[] = []
  const [one, two, three] = ['one', 'two', 'three'].map((name) => () => void heard.push(name))
  const task = api.request({ url: '/orders' })
  for (const listener of [one, two, three]) if (listener) task.onHeadersReceived(listener)
  task.offHeadersReceived(two)
  task.offProgressUpdate()
  const silent = api.request({ url: '/orders' })
  if (one) silent.onHeadersReceived(one)
  silent.offHeadersReceived()
  await result(fake, Promise.all([task, silent]))
  expect(heard).toEqual(['one', 'three'])
})

test('chunks are heard as they come', async () => {
  const { fake, api } = phone()
  fake.server.on('/stream', () => ({ chunks: ['ab', 'cd'] }))
  const sizes: number[] = []
  const task = api.request({ url: '/stream', enableChunked: true })
  const deaf = () => void sizes.push(-1)
  task.onChunkReceived(deaf)
  task.offChunkReceived(deaf)
  task.onChunkReceived(({ data }) => sizes.push(data.byteLength))
  await result(fake, task)
  expect(sizes).toEqual([2, 2])
})

test('a listener that throws harms neither the request nor other listeners', async () => {
  const complaint = jest.spyOn(console, 'error').mockImplementation()
  const { fake, api } = phone()
  let heard = 0
  const task = api.request({ url: '/orders' })
  task.onHeadersReceived(() => {
    throw new Error('broken')
  })
  task.onHeadersReceived(() => {
    heard++
  })
  expect(await result(fake, task)).toMatchObject({ statusCode: 200 })
  expect(heard).toBe(1)
  expect(String(complaint.mock.calls[0])).toMatch(/listener threw/)
  complaint.mockRestore()
})

test('an attempt that was given up is not heard any more', async () => {
  const { fake, api } = phone({ timeout: 50, retry: false })
  fake.abort = 'ignored'
  fake.server.latency('/orders', 200)
  let heard = 0
  const task = api.request({ url: '/orders' })
  task.onHeadersReceived(() => {
    heard++
  })
  await outcome(fake, task)
  expect(heard).toBe(0)
})

test('when everything answers within the call, listeners still hear the attempt that counts', async () => {
  const { fake, api } = phone({ checkSession: 'blocking' })
  fake.storage.set(KEY, { token: 'dead' })
  const statuses: unknown[] = []
  const task = api.request({ url: '/orders' })
  task.onHeadersReceived(({ statusCode }) => statuses.push(statusCode))
  fake.misbehave('request', 'same-tick', 2)
  fake.misbehave('login', 'same-tick')
  expect(await result(fake, task)).toMatchObject({ statusCode: 200 })
  expect(statuses[statuses.length - 1]).toBe(200)
})

test('a platform that returns no task takes listeners and aborts in silence', async () => {
  const { fake, api } = phone()
  fake.storage.set(KEY, { token: fake.server.issue() })
  fake.misbehave('request', 'undefined-task', Infinity)
  const task = api.request({ url: '/orders' })
  task.onHeadersReceived(() => undefined)
  task.offHeadersReceived()
  expect(await result(fake, task)).toMatchObject({ statusCode: 200 })
  task.abort()
  expect(await result(fake, task)).toMatchObject({ statusCode: 200 })
})
