import type { FakeWeChat } from '../src/testing'
import { knownPhone, result, outcome } from './phone'

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
