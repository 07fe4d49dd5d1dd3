import { createClient, UnauthorizedError } from 'miniprogram-session'
import { createFakeWeChat, type FakeWeChat } from 'miniprogram-session/testing'
import { failure, result } from '../phone'
import { socket } from './sockets'

interface Socket {
  token: string
  message: (event: { data: string }) => void
  error: (failure: { errMsg: string }) => void
  close: (event: { code: number; reason: string }) => void
}

let fake: FakeWeChat
let open: () => Promise<unknown>
const shown: unknown[] = []
const sockets: Socket[] = []
beforeEach(() => {
  fake = createFakeWeChat()
  shown.length = sockets.length = 0
  Object.assign(globalThis, { wx: { ...fake.wx, connectSocket } })
  const api = createClient({ baseURL: 'https://api.example.com', login: { url: '/login' } })
  open = socket(api, (data) => void shown.push(data))
})
afterEach(() => {
  Object.assign(globalThis, { wx: undefined })
})

/** A server that opens every socket, and then says whom it takes it for. */
let answer: (socket: Socket) => void = (socket) => {
  if (fake.server.tokens.has(socket.token)) socket.message({ data: 'ready' })
  else socket.close({ code: 4401, reason: '' })
}
const usual = answer
afterEach(() => {
  answer = usual
})

function connectSocket({ header }: { header: { Authorization: string } }) {
  const opened = { token: header.Authorization.slice('Bearer '.length) } as Socket
  sockets.push(opened)
  fake.clock.setTimeout(() => answer(opened), 10)
  return {
    onMessage: (listener: Socket['message']) => (opened.message = listener),
    onError: (listener: Socket['error']) => (opened.error = listener),
    onClose: (listener: Socket['close']) => (opened.close = listener),
  }
}

test('a socket that is refused with 4401 logs in and opens with the new token', async () => {
  fake.storage.set('miniprogram-session', { token: 'dead' })
  await result(fake, open())
  expect(sockets.map(({ token }) => token)).toEqual(['dead', 'token-1'])
  expect(fake.calls.logins).toBe(1)
})

test('what comes after the first message is shown', async () => {
  await result(fake, open())
  sockets[0]?.message({ data: 'an order has come' })
  expect(shown).toEqual(['an order has come'])
})

test('a server that refuses fresh tokens too ends it', async () => {
  answer = (socket) => socket.close({ code: 4401, reason: '' })
  expect(await failure(fake, open())).toBeInstanceOf(UnauthorizedError)
  expect(fake.calls.logins).toBe(1)
})

test('a line that breaks costs no login', async () => {
  fake.storage.set('miniprogram-session', { token: fake.server.issue() })
  answer = (socket) => socket.error({ errMsg: 'connectSocket:fail' })
  expect(await failure(fake, open())).toEqual({ errMsg: 'connectSocket:fail' })
  expect(fake.calls.logins).toBe(0)
})
