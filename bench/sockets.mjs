// What 10,000 messages through a socket cost, as a ratio to a bare task of wx.connectSocket. The other side reads and writes JSON: beside one
// that does nothing at all (13 ns a message) ours would be 2.8 times as long, and still 0.04 µs.
import { createRequire } from 'node:module'
import { assertFresh } from '../tools/build/fresh.mjs'
import { bounds, tellFailures } from './print.mjs'
import { cpu } from './stub.mjs'

const require = createRequire(import.meta.url)
assertFresh()
const { createClient } = require('../miniprogram_dist/index.js')
const { openSocket } = require('../miniprogram_dist/socket.js')

const MESSAGES = 10_000
const ROUNDS = 61
const GOAL = { limit: 2 }
const failures = []

/** A phone whose sockets answer each message within the call, as JSON. */
const phone = {
  request: () => undefined,
  login: ({ success }) => success({ code: 'code' }),
  getStorageSync: () => ({ token: 'token' }),
  setStorageSync: () => undefined,
  removeStorageSync: () => undefined,
  connectSocket() {
    let hear
    setImmediate(() => task.open({ header: {} }))
    const task = {
      onOpen: (listener) => (task.open = listener),
      onMessage: (listener) => (hear = listener),
      onError: () => undefined,
      onClose: (listener) => (task.closed = listener),
      send: ({ data }) => hear({ data: JSON.stringify({ echo: JSON.parse(data) }) }),
      close: () => task.closed({ code: 1000, reason: '' }),
    }
    return task
  },
}

let seen = 0
const message = JSON.stringify({ type: 'say', room: 7, text: '今天喝咖啡 ☕' })

const bare = () =>
  new Promise((opened) => {
    const task = phone.connectSocket({ url: 'wss://api.test/ws' })
    task.onMessage(({ data }) => (seen += data.length))
    task.onClose(() => undefined)
    task.onOpen(() => opened({ send: (data) => task.send({ data }), close: () => task.close({}) }))
  })

const ours = (options) => {
  const api = createClient({
    platform: phone,
    baseURL: 'https://api.test',
    login: { url: '/login' },
    checkSession: false,
    storage: { key: `bench-${options.heartbeat ? 1 : 0}` },
  })
  return () =>
    new Promise((opened) => {
      const socket = openSocket(api, { url: '/ws', ...options })
      socket.on('message', ({ data }) => (seen += data.length))
      socket.on('open', () => opened(socket))
    })
}

const WAYS = { bare, ours: ours({}), 'with a heartbeat': ours({ heartbeat: {} }) }
const figures = Object.fromEntries(Object.keys(WAYS).map((way) => [way, []]))
for (let round = 0; round < ROUNDS; round++) {
  for (const [way, open] of Object.entries(WAYS)) {
    const socket = await open()
    const start = cpu()
    for (let n = 0; n < MESSAGES; n++) socket.send(message)
    if (round > 9) figures[way].push(cpu() - start)
    socket.close()
  }
}
if (seen === 0) throw new Error('nothing was heard')

const median = (all) => all.sort((a, b) => a - b)[all.length >> 1] / 1000
const base = median(figures.bare)
console.log(`${MESSAGES.toLocaleString('en')} messages there and back     ms    ratio`)
for (const [way, all] of Object.entries(figures)) {
  const ms = median(all)
  console.log(`${way.padEnd(30)}${ms.toFixed(2).padStart(8)}${(ms / base).toFixed(2).padStart(9)}`)
  if (way !== 'bare') console.log(bounds(`${way}, ratio`, ms / base, GOAL, failures))
}
tellFailures(failures)
