import type { PlatformRequest } from '../../src/platforms/wechat'
import { failure, HOME, knownPhone, last, outcome, phone, result } from '../phone'

const avatar = { url: '/avatar', filePath: 'wxfile://a.png', name: 'file' }

test('an upload goes through the same funnel: login, token, its own headers', async () => {
  const { fake, api } = phone({ header: { 'X-App': '7' } })
  await result(
    fake,
    api.uploadFile({ ...avatar, header: { 'X-A': '1' }, query: { a: 1 }, formData: { id: 3 } }),
  )
  expect(last(fake)).toMatchObject({
    api: 'uploadFile',
    url: `${HOME}/avatar?a=1`,
    header: { Authorization: 'Bearer token-1', 'X-App': '7', 'X-A': '1' },
    upload: { filePath: 'wxfile://a.png', name: 'file', formData: { id: 3 } },
  })
})

test('an upload leaves its content type to WeChat', async () => {
  const { fake, api } = knownPhone()
  await result(fake, api.uploadFile(avatar))
  expect(last(fake).headerOf('content-type')).toBeUndefined()
})

test.each<[unknown, unknown]>([
  [{ url: 'https://cdn.test/a.png' }, { url: 'https://cdn.test/a.png' }],
  ['{"broken', '{"broken'],
  ['plain text', 'plain text'],
  ['', ''],
  ['null', null],
])('the body of an upload, %j on the wire, is handed over as %j', async (data, expected) => {
  const { fake, api } = knownPhone()
  fake.server.on('/avatar', () => ({ data }))
  expect((await result(fake, api.uploadFile(avatar))).data).toEqual(expected)
})

test('an upload that does not tell its header has an empty one', async () => {
  const { fake, api } = knownPhone()
  expect((await result(fake, api.uploadFile(avatar))).header).toEqual({})
})

test('a dead token costs an upload one login and one more try', async () => {
  const { fake, api } = knownPhone()
  fake.server.expire()
  expect(await result(fake, api.uploadFile(avatar))).toMatchObject({
    statusCode: 200,
    data: { token: 'token-2' },
  })
  expect(fake.server.requests.map(({ path }) => path)).toEqual(['/avatar', '/login', '/avatar'])
})

test('an upload is a POST: not sent again after a reset', async () => {
  const { fake, api } = knownPhone({ checkSession: false })
  fake.network.failNext(1, 'reset')
  expect(await failure(fake, api.uploadFile(avatar))).toMatchObject({
    code: 'NETWORK',
    attempts: 1,
    request: { method: 'POST', url: `${HOME}/avatar` },
    errMsg: expect.stringMatching(/^uploadFile:fail/) as string,
  })
})

test('an upload that is too large is a status like any other', async () => {
  const { fake, api } = knownPhone({ retry: false })
  fake.server.on('/avatar', () => ({ statusCode: 413, data: 'too large' }))
  expect(await result(fake, api.uploadFile(avatar))).toMatchObject({ statusCode: 413, data: 'too large' })
})

test('a download resolves to where the file is', async () => {
  const { fake, api } = phone()
  const response = await result(fake, api.downloadFile({ url: '/report', query: { year: 2026 } }))
  expect(response).toMatchObject({ statusCode: 200, tempFilePath: 'wxfile://tmp_1' })
  expect(last(fake)).toMatchObject({ api: 'downloadFile', method: 'GET', query: { year: '2026' } })
})

test('a download may be given its place', async () => {
  const { fake, api } = knownPhone()
  const filePath = 'wxfile://usr/report.pdf'
  expect(await result(fake, api.downloadFile({ url: '/report', filePath }))).toMatchObject({ filePath })
  expect(fake.files.has(filePath)).toBe(true)
})

test('a refused download is replayed, and its error page is not the result', async () => {
  const { fake, api } = knownPhone()
  fake.server.expire()
  const { tempFilePath } = await result(fake, api.downloadFile({ url: '/report' }))
  expect(fake.files.get(tempFilePath)).toContain('token-2')
})

test('a download is a GET: sent again after a reset', async () => {
  const { fake, api } = knownPhone({ checkSession: false })
  fake.network.failNext(1, 'reset')
  expect(await result(fake, api.downloadFile({ url: '/report' }))).toMatchObject({ statusCode: 200 })
  expect(fake.calls.requestCount).toBe(2)
})

test('the token of a download may ride in the query', async () => {
  const { fake, api } = knownPhone({ attach: { query: 'skey' } })
  await outcome(fake, api.downloadFile({ url: '/report' }))
  expect(fake.server.requests[0]?.query).toEqual({ skey: 'token-1' })
})

test.each(['uploadFile', 'downloadFile'] as const)('a platform without %s says so', async (name) => {
  const { fake, api } = knownPhone({ retry: false })
  delete (fake.wx as Record<string, unknown>)[name]
  const task = name === 'uploadFile' ? api.uploadFile(avatar) : api.downloadFile(avatar)
  const error = await failure(fake, task)
  expect(error.message).toContain(`needs ${name}(), which this platform lacks`)
})

test('transfers and requests share the lanes', async () => {
  const { fake, api } = knownPhone({ concurrency: 2 })
  await result(
    fake,
    Promise.all([
      api.uploadFile(avatar),
      api.downloadFile({ url: '/a' }),
      api.get('/b'),
      api.uploadFile(avatar),
    ]),
  )
  expect(fake.calls.maxParallel).toBe(2)
})

test.each(['Content-Type', 'content-type'])(
  "an upload goes without the client's %s, which has no boundary, but with its own",
  async (name) => {
    const { fake, api } = knownPhone({ header: { [name]: 'application/x-www-form-urlencoded' } })
    await result(fake, api.uploadFile(avatar))
    expect(last(fake).headerOf('content-type')).toBeUndefined()
    await result(fake, api.uploadFile({ ...avatar, header: { 'content-type': 'multipart/form-data' } }))
    expect(last(fake).headerOf('content-type')).toBe('multipart/form-data')
  },
)

test('where a platform lists the headers of an upload, its body is parsed all the same', async () => {
  const { fake, api } = knownPhone()
  const uploadFile = ({ success }: PlatformRequest) =>
    success?.({ statusCode: 200, data: '{"size":1}', header: { 'X-Id': '7' } })
  Object.assign(fake.wx, { uploadFile })
  expect(await result(fake, api.uploadFile(avatar))).toMatchObject({
    data: { size: 1 },
    header: { 'X-Id': '7' },
  })
})
