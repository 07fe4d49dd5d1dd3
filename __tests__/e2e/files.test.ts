import type { Progress } from '../../src'
import { caught, phone, serve, until, useBackend, whole } from './world'

const backend = useBackend()
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/** A file that passes for a picture. */
function picture(size: number): ArrayBuffer {
  const bytes = new Uint8Array(size).map((_, index) => index % 251)
  bytes.set(PNG)
  return bytes.buffer
}

const bytesOf = (file: string | ArrayBuffer | undefined) => Buffer.from(file as ArrayBuffer)

describe('an upload', () => {
  test('with a dead token arrives whole after the login, and its progress is told all the while', async () => {
    const { api, fake } = phone(backend().address)
    fake.files.set('wxfile://头像 🐼.png', picture(300_000))
    await api.ensureLogin()
    await backend().expire()
    const told: Progress[] = []
    const task = api.uploadFile<{ avatar: string; size: number }>({
      url: '/avatar',
      filePath: 'wxfile://头像 🐼.png',
      name: 'file',
    })
    task.onProgressUpdate((progress) => told.push(progress))
    const { statusCode, data } = await task
    expect([statusCode, data.size]).toEqual([200, 300_000])
    expect(told.map(({ progress }) => progress)).toEqual([50, 100, 50, 100])
    expect(told[3]).toMatchObject({ totalBytesSent: 300_000, totalBytesExpectedToSend: 300_000 })
    expect(await api.get('/me')).toMatchObject({ avatar: data.avatar })
  })

  test('of names with emoji keeps them, in fields and in the name of the file', async () => {
    let body = ''
    const address = await serve((request, response) => {
      whole(request, (bytes) => {
        body = bytes.toString('utf8')
        response.end('{"ok":true}')
      })
    })
    const { api, fake } = phone(address, { login: () => Promise.resolve('token') })
    fake.files.set('wxfile://tmp/小明 🍵.png', 'pixels')
    const answer = await api.uploadFile({
      url: '/avatar',
      filePath: 'wxfile://tmp/小明 🍵.png',
      name: '图片',
      formData: { nickname: '小明 👨‍👩‍👧', 城市: '杭州' },
    })
    expect(answer.data).toEqual({ ok: true })
    expect(body).toContain('name="nickname"\r\n\r\n小明 👨‍👩‍👧\r\n')
    expect(body).toContain('name="城市"\r\n\r\n杭州\r\n')
    expect(body).toMatch(/name="图片"; filename="小明 🍵\.png"[^]*\r\n\r\npixels\r\n/)
  })

  test('that the server does not want tells why, as an answer and not as an error', async () => {
    const { api, fake } = phone(backend().address)
    fake.files.set('wxfile://notes.txt', 'no picture')
    const answer = await api.uploadFile({ url: '/avatar', filePath: 'wxfile://notes.txt', name: 'file' })
    expect(answer).toMatchObject({ statusCode: 415, data: { error: { code: 'UNSUPPORTED_MEDIA_TYPE' } } })
  })

  test('of a file that is not there fails without reaching the server', async () => {
    const { api } = phone(backend().address)
    const task = api.uploadFile({ url: '/avatar', filePath: '/not/there.png', name: 'file' })
    expect(await caught(task)).toMatchObject({ code: 'NETWORK' })
  })

  test('can be aborted half-way', async () => {
    let arrived = false
    let closed = false
    const address = await serve((request) => {
      arrived = true
      request.resume().on('close', () => (closed = true))
    })
    const { api, fake } = phone(address, { login: () => Promise.resolve('token') })
    fake.files.set('wxfile://big.png', picture(5_000_000))
    const task = api.uploadFile({ url: '/avatar', filePath: 'wxfile://big.png', name: 'file' })
    const error = caught(task)
    await until(() => arrived)
    task.abort()
    expect(await error).toMatchObject({ code: 'ABORTED' })
    await until(() => closed)
  })
})

describe('a download', () => {
  test('brings back the very bytes that were uploaded', async () => {
    const { api, fake } = phone(backend().address)
    fake.files.set('wxfile://a.png', picture(70_000))
    const { data } = await api.uploadFile<{ avatar: string }>({
      url: '/avatar',
      filePath: 'wxfile://a.png',
      name: 'file',
    })
    const { statusCode, tempFilePath } = await api.downloadFile({ url: data.avatar })
    expect(statusCode).toBe(200)
    expect(bytesOf(fake.files.get(tempFilePath)).equals(Buffer.from(picture(70_000)))).toBe(true)
  })

  test('with a dead token gets the file, and not the refusal, after one login', async () => {
    const { api, fake } = phone(backend().address)
    await api.ensureLogin()
    await backend().expire()
    fake.calls.reset()
    const { statusCode, filePath = '' } = await api.downloadFile({ url: '/me', filePath: 'wxfile://me.json' })
    expect(statusCode).toBe(200)
    expect(JSON.parse(bytesOf(fake.files.get(filePath)).toString())).toHaveProperty('nickname')
    expect(fake.calls.logins).toBe(1)
  })
})
