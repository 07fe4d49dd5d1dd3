import { createFakeWeChat, type FakeRequest, type FakeWeChat } from '../../src/testing'
import { recorder, type Outcome } from './helpers'

function upload(fake: FakeWeChat, filePath = 'wxfile://photo.jpg') {
  const { results, callbacks } = recorder()
  const task = fake.wx.uploadFile({
    url: 'https://api.test/avatar',
    filePath,
    name: 'avatar',
    formData: { user: 'x' },
    header: { Authorization: 'Bearer t' },
    ...callbacks,
  })
  return { task, results }
}

test('an upload is a POST with a form, and its answer is always a string without a header', async () => {
  const seen: FakeRequest[] = []
  const server = (request: FakeRequest) => {
    seen.push(request)
    return { data: { url: '/a.jpg' }, cookies: ['a=1'] }
  }
  const fake = createFakeWeChat({ server })
  fake.files.set('wxfile://photo.jpg', 'pixels')
  const { results } = upload(fake)
  await fake.clock.runAll()
  expect(results).toEqual([{ data: '{"url":"/a.jpg"}', statusCode: 200, errMsg: 'uploadFile:ok' }])
  expect(seen[0]).toMatchObject({
    method: 'POST',
    api: 'uploadFile',
    header: { Authorization: 'Bearer t' },
    upload: { filePath: 'wxfile://photo.jpg', name: 'avatar', formData: { user: 'x' }, content: 'pixels' },
  })
})

test('an upload tells header and cookies where asked for', async () => {
  const fake = createFakeWeChat({ uploadHeaders: true, server: () => ({ cookies: ['a=1'] }) })
  const { results } = upload(fake)
  await fake.clock.runAll()
  expect(results).toMatchObject([{ cookies: ['a=1'], header: { 'Set-Cookie': 'a=1' } }])
})

test('an upload reports its progress, in the bytes of its file', async () => {
  const fake = createFakeWeChat()
  fake.files.set('wxfile://bytes', new ArrayBuffer(10))
  const progress: unknown[] = []
  upload(fake, 'wxfile://bytes').task.onProgressUpdate((event) => progress.push(event))
  const other = upload(fake).task
  const removed = () => progress.push('removed')
  other.onProgressUpdate(removed)
  other.offProgressUpdate(removed)
  await fake.clock.runAll()
  expect(progress).toEqual([
    { progress: 50, totalBytesSent: 5, totalBytesExpectedToSend: 10 },
    { progress: 100, totalBytesSent: 10, totalBytesExpectedToSend: 10 },
  ])
})

test('a download of any status is written to a temporary file, which success names', async () => {
  const fake = createFakeWeChat({ server: () => ({ statusCode: 404, data: 'not here' }) })
  const { results, callbacks } = recorder()
  const progress: unknown[] = []
  const task = fake.wx.downloadFile({ url: 'https://api.test/a.pdf', ...callbacks })
  task.onProgressUpdate((event) => progress.push(event))
  await fake.clock.runAll()
  const tempFilePath = 'wxfile://tmp_1'
  expect(results).toEqual([{ statusCode: 404, tempFilePath, errMsg: 'downloadFile:ok' }])
  expect(fake.files.get(tempFilePath)).toBe('not here')
  expect(progress).toEqual([{ progress: 100, totalBytesWritten: 8, totalBytesExpectedToWrite: 8 }])
})

test('a download goes where the caller wants it', async () => {
  const fake = createFakeWeChat({ server: () => ({}) })
  const { results, callbacks } = recorder()
  fake.wx.downloadFile({ url: 'https://api.test/a.pdf', filePath: 'wxfile://usr/a.pdf', ...callbacks })
  await fake.clock.runAll()
  expect(results).toEqual([{ statusCode: 200, filePath: 'wxfile://usr/a.pdf', errMsg: 'downloadFile:ok' }])
})

const moves = [
  { after: 20_000, done: 5, total: 10 },
  { after: 20_000, done: 10, total: 10 },
]

/** Notes how far a task says to have come, and when. */
function watched(fake: FakeWeChat, task: { onProgressUpdate(listener: (event: object) => void): void }) {
  const start = fake.clock.now()
  const heard: [number, unknown][] = []
  task.onProgressUpdate((event) => heard.push([fake.clock.now() - start, (event as Outcome)['progress']]))
  return heard
}

test('an upload may move for 40 s before it is answered', async () => {
  const fake = createFakeWeChat({ server: () => ({ progress: moves }) })
  const { task, results } = upload(fake)
  const heard = watched(fake, task)
  await fake.clock.advance(40_009)
  expect([heard, results]).toEqual([[[20_005, 50], [40_005, 100]], []]) // prettier-ignore
  await fake.clock.advance(1)
  expect(results).toMatchObject([{ statusCode: 200 }])
})

test('an upload may break off or fall silent on its way', async () => {
  const [half] = moves
  for (const end of [{ fail: 'reset' as const }, { lost: true }]) {
    const fake = createFakeWeChat({ server: () => ({ progress: half ? [half] : [], ...end }) })
    const { task, results } = upload(fake)
    const heard = watched(fake, task)
    await fake.clock.advance(59_000)
    expect([heard.length, results.length]).toEqual([1, end.lost ? 0 : 1])
  }
})

test('a handler may report progress in its own time', async () => {
  const fake = createFakeWeChat({
    server: (_request, wire) => {
      wire.progress(0, 10)
      return new Promise((resolve) => {
        fake.clock.outside.setTimeout(() => wire.progress(7, 10), 30_000)
        fake.clock.outside.setTimeout(() => resolve({}), 40_000)
      })
    },
  })
  const { task, results } = upload(fake)
  const heard = watched(fake, task)
  await fake.clock.runAll()
  expect([heard, results]).toMatchObject([[[5, 0], [30_005, 70]], [{ statusCode: 200 }]]) // prettier-ignore
})

test('a download may move for 40 s after its head', async () => {
  const fake = createFakeWeChat({ server: () => ({ data: '0123456789', progress: moves }) })
  const { results, callbacks } = recorder()
  const task = fake.wx.downloadFile({ url: 'https://api.test/a.pdf', ...callbacks })
  const heard = watched(fake, task)
  const heads: number[] = []
  const start = fake.clock.now()
  task.onHeadersReceived(() => heads.push(fake.clock.now() - start))
  await fake.clock.runAll()
  expect([heads, heard]).toEqual([[10], [[20_010, 50], [40_010, 100]]]) // prettier-ignore
  expect(results).toMatchObject([{ statusCode: 200, tempFilePath: 'wxfile://tmp_1' }])
})

test('an aborted upload moves no further', async () => {
  const fake = createFakeWeChat({ server: () => ({ progress: moves }) })
  const { task, results } = upload(fake)
  const heard = watched(fake, task)
  await fake.clock.advance(30_000)
  task.abort()
  await fake.clock.runAll()
  expect([heard.length, results]).toEqual([1, [{ errMsg: 'uploadFile:fail abort' }]])
})
