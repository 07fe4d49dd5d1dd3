import { createFakeWeChat, type FakeRequest, type FakeWeChat } from '../../src/testing'
import { recorder } from './helpers'

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
