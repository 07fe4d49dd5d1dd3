/**
 * What a request costs beyond wx.request: time as a ratio to the barest wrapper there is, both measured in this run
 * against the same stub. It runs in any engine, so there is nothing here but the language.
 */
import { createClient } from '../../miniprogram_dist/index.js'
import { say } from '../../tools/engines/inside/shell.mjs'
import { stubWx, TOKEN } from '../stub.mjs'

const HOME = 'https://api.test'
const BURSTS = [1, 9, 50]

const { process, cpuTime, preciseTime } = globalThis
/** µs so far: of CPU time where it can be had, what the garbage collector takes included. */
const now = process
  ? () => process.cpuUsage().user + process.cpuUsage().system
  : (cpuTime ?? (() => (preciseTime ? preciseTime() * 1e6 : Date.now() * 1e3)))
/** The bare promise is sent so many times as often: where time is the wall's, both must be as likely disturbed. */
const BARE_TIMES = 4

const wx = stubWx({ stored: { token: TOKEN } })
const clientWith = (more) => createClient({ platform: wx, baseURL: HOME, login: { url: '/login' }, ...more })
const options = { url: `${HOME}/orders`, method: 'GET', header: { Authorization: `Bearer ${TOKEN}` } }
const bare = () => new Promise((success, fail) => wx.request(Object.assign({}, options, { success, fail })))

/** Each makes its client, and gives what sends one request. */
const WAYS = {
  'get, relative'() {
    const api = clientWith()
    return () => api.get('/orders')
  },
  'get, absolute'() {
    const api = clientWith()
    return () => api.get(`${HOME}/orders`)
  },
  'one listener'() {
    const api = clientWith()
    api.on(() => undefined)
    return () => api.get('/orders')
  },
  'one middleware'() {
    const api = clientWith({ use: [(request, next) => next(request)] })
    return () => api.get('/orders')
  },
}

/** Measures one way in each size of burst, so many rounds of so many requests, and says what it came to. */
export async function measure({ way, rounds, requests }) {
  const send = WAYS[way]()
  for (const one of [bare, send]) await burst(one, 9, 3 * requests)
  for (const size of BURSTS) {
    const pairs = []
    for (let round = 0; round < rounds; round++) {
      const one = await burst(bare, size, BARE_TIMES * requests)
      pairs.push({ bare: one, ours: await burst(send, size, requests) })
    }
    say({
      size,
      bare: Math.min(...pairs.map((pair) => pair.bare)),
      ours: Math.min(...pairs.map((pair) => pair.ours)),
      ratio: median(pairs.map((pair) => pair.ours / pair.bare)),
    })
  }
  say({ done: true })
}

/** µs for each of `requests` requests, sent in bursts of `size`, each awaited by its own caller. */
async function burst(send, size, requests) {
  const call = async () => void (await send())
  const begun = now()
  for (let sent = 0; sent < requests; sent += size) {
    let last
    for (let index = 0; index < size; index++) last = call()
    wx.answerAll()
    await last
  }
  return (now() - begun) / requests
}

function median(numbers) {
  const sorted = [...numbers].sort((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)]
}
