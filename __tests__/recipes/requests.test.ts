import { createClient, HttpError } from 'miniprogram-session'
import { createFakeWeChat, type FakeChunk, type FakeWeChat } from 'miniprogram-session/testing'
import { failure, result } from '../phone'
import * as recipes from './requests'

const phone = globalThis as { wx?: unknown }

let fake: FakeWeChat
beforeEach(() => {
  fake = createFakeWeChat()
  phone.wx = fake.wx
})
afterEach(() => {
  delete phone.wx
})

const plain = () => createClient({ baseURL: 'https://api.example.com', login: { url: '/login' } })

const toasts: string[] = []
const toast = (text: string) => void toasts.push(text)
beforeEach(() => {
  toasts.length = 0
})

test('a wrong password is told, and costs neither the session nor a code', async () => {
  const api = plain()
  await result(fake, api.ensureLogin())
  fake.server.on('PUT /password', () => ({ statusCode: 401 }))
  await result(fake, recipes.password(api, toast, { old: 'a', new: 'b' }))
  expect(toasts).toEqual(['原密码不正确'])
  expect(fake.server.requests.filter(({ path }) => path === '/password')).toHaveLength(1)
  expect(fake.calls.logins).toBe(1)
  expect(api.session).toBeDefined()
})

const WORDS = ['你好', '🐼']
const BODY = WORDS.map((text) => `data: ${JSON.stringify({ text })}\n\n`).join('')
/** One byte a chunk: every character is cut. */
const BYTES: FakeChunk[] = [...new TextEncoder().encode(BODY)].map((byte) => Uint8Array.of(byte))

test('a chat arrives word by word, however its characters are cut', async () => {
  fake.server.on(
    'POST /chat',
    fake.server.guard(() => ({ chunks: BYTES })),
  )
  fake.storage.set('miniprogram-session', { token: 'dead' })
  const words: string[] = []
  await result(
    fake,
    recipes.stream(plain(), '你好吗', (word) => void words.push(word)),
  )
  expect(words).toEqual(WORDS)
})

test('a chat that is cut rejects after what has been heard, and is not asked again', async () => {
  fake.server.on('POST /chat', () => ({ chunks: [BODY], fail: 'reset' }))
  const words: string[] = []
  const error = await failure(
    fake,
    recipes.stream(plain(), '你好吗', (word) => void words.push(word)),
  )
  expect([error.code, words]).toEqual(['NETWORK', WORDS])
  expect(fake.server.requests.filter(({ path }) => path === '/chat')).toHaveLength(1)
})

test('the loading hint is shown once for requests that overlap', async () => {
  phone.wx = { ...fake.wx }
  const loud = recipes.loading(plain())
  fake.server.anyPath = true
  await result(fake, Promise.all([loud.get('/a'), loud.get('/b')]))
  expect(fake.ui.log.map(({ kind, title }) => [kind, title])).toEqual([['loading', '加载中']])
  expect(fake.ui.shown).toBeUndefined()
})

test('an upload tells how far it is, and its answer is parsed', async () => {
  fake.server.on('/avatar', () => ({ data: { avatar: '/a.png' } }))
  const progress: number[] = []
  const sent = recipes.upload(plain(), 'tmp/a.png', (percent) => void progress.push(percent))
  expect(await result(fake, sent)).toEqual({ avatar: '/a.png' })
  expect(progress[progress.length - 1]).toBe(100)
})

test('an upload may take minutes as long as it moves, and ends when it does not', async () => {
  const slow = Array.from({ length: 12 }, (_, n) => ({ after: 10_000, done: n + 1, total: 12 }))
  fake.server.on('/avatar', () => ({ data: { avatar: '/a.png' }, progress: slow }))
  const send = () => recipes.upload(plain(), 'tmp/a.png', () => {})
  expect(await result(fake, send())).toEqual({ avatar: '/a.png' })
  fake.server.on('/avatar', () => ({ progress: slow.slice(0, 2), lost: true }))
  expect(await failure(fake, send())).toMatchObject({ code: 'TIMEOUT' })
})

test('a picture that is too big for the server rejects', async () => {
  fake.server.on('/avatar', () => ({ statusCode: 413 }))
  const error = await failure(
    fake,
    recipes.upload(plain(), 'tmp/a.png', () => {}),
  )
  expect(error).toBeInstanceOf(HttpError)
})

test('errors become words for the user', async () => {
  const api = plain()
  fake.server.on('/orders', () => ({ statusCode: 500 }))
  await result(fake, recipes.errors(api, toast))
  expect(toasts).toEqual(['出错了，请重试'])
})

test('a first launch without network is told as what it is', async () => {
  fake.network.offline()
  await result(fake, recipes.errors(plain(), toast))
  expect(toasts).toEqual(['没有网络，请稍后再试'])
})

test('a page that found no network loads when it is back, once', async () => {
  const shown: unknown[] = []
  fake.server.on('/orders', () => ({ data: [7] }))
  fake.network.offline()
  const load = recipes.whenBack(plain(), toast, (orders) => void shown.push(orders))
  await result(fake, load())
  expect([toasts, shown]).toEqual([['没有网络，恢复后会自动加载'], []])
  fake.network.online()
  await fake.clock.runAll()
  fake.network.offline()
  fake.network.online()
  await fake.clock.runAll()
  expect(shown).toEqual([[7]])
})

test('what is not for want of a network is not held back', async () => {
  fake.server.on('/orders', () => ({ statusCode: 403 }))
  const load = recipes.whenBack(plain(), toast, () => {})
  expect(await failure(fake, load())).toBeInstanceOf(HttpError)
  expect(toasts).toEqual([])
})
