/**
 * What a request costs beyond wx.request: CPU time as a ratio to the barest wrapper there is, both measured in
 * this run against the same stub; promises and storage reads per request.
 */
import { createHook } from 'node:async_hooks'
import { createClient } from './built.mjs'
import { row, tellFailures } from './print.mjs'
import { burst, stubWx, TOKEN } from './stub.mjs'

/** The median ratio at which this script fails: the budget, with room for a busy machine. */
const RATIO_LIMIT = 4
const RATIO_BUDGET = 3
const PROMISES_PER_REQUEST = 1

const HOME = 'https://api.test'

const failures = []
const check = (isKept, words) => isKept || failures.push(words)

const wx = stubWx({ stored: { token: TOKEN } })
const api = createClient({ platform: wx, baseURL: HOME, login: { url: '/login' } })
const options = { url: `${HOME}/orders`, method: 'GET', header: { Authorization: `Bearer ${TOKEN}` } }
const bare = () => new Promise((success, fail) => wx.request(Object.assign({}, options, { success, fail })))

const WAYS = {
  'get, relative': () => api.get('/orders'),
  'get, absolute': () => api.get(`${HOME}/orders`),
  'request, relative': () => api.request({ url: '/orders' }),
  'request, absolute': () => api.request({ url: `${HOME}/orders` }),
}
const BURSTS = [1, 9, 50]

await measureRatios()
await countPerRequest()
tellFailures(failures)

async function measureRatios() {
  const requests = 20_000
  const rounds = 9
  for (const send of [bare, ...Object.values(WAYS)]) await burst(wx, send, 9, 2 * requests)
  console.log('CPU time per request against a bare promise around wx.request')
  console.log(row('', 'burst', 'bare µs', 'ours µs', 'median', 'of bests'))
  const medians = []
  for (const size of BURSTS) {
    for (const [name, send] of Object.entries(WAYS)) {
      const pairs = []
      for (let round = 0; round < rounds; round++) {
        const one = await burst(wx, bare, size, requests)
        pairs.push({ bare: one, ours: await burst(wx, send, size, requests) })
      }
      const bestBare = Math.min(...pairs.map((pair) => pair.bare))
      const bestOurs = Math.min(...pairs.map((pair) => pair.ours))
      const ratio = median(pairs.map((pair) => pair.ours / pair.bare))
      medians.push(ratio)
      const numbers = [bestBare, bestOurs, ratio, bestOurs / bestBare].map((number) => number.toFixed(2))
      console.log(row(name, size, ...numbers))
    }
  }
  const ratio = median(medians)
  console.log(row('median of all', '', '', '', ratio.toFixed(2), ''))
  console.log(`budget ${RATIO_BUDGET}, limit of this script ${RATIO_LIMIT}\n`)
  check(ratio <= RATIO_LIMIT, `the median ratio ${ratio.toFixed(2)} is over ${RATIO_LIMIT}`)
}

async function countPerRequest() {
  const requests = 1_000
  const reads = wx.reads
  // What the counting itself takes is taken off; its first run takes more.
  await countPromises(1)
  const promises = ((await countPromises(requests)) - (await countPromises(0))) / requests
  console.log(`promises per request with a known token: ${promises} (limit ${PROMISES_PER_REQUEST})`)
  console.log(`storage reads per request: ${(wx.reads - reads) / requests} (limit 0)\n`)
  check(promises <= PROMISES_PER_REQUEST, `${promises} promises per request`)
  check(wx.reads === reads, `storage was read ${wx.reads - reads} times`)
}

/** All promises that come into being while so many requests are sent and answered. */
async function countPromises(requests) {
  let count = 0
  const hook = createHook({ init: (_id, type) => void (count += type === 'PROMISE' ? 1 : 0) })
  await new Promise((done) => {
    hook.enable()
    for (let sent = 0; sent < requests; sent++) api.get('/orders')
    wx.answerAll()
    setImmediate(done)
  })
  hook.disable()
  return count
}

function median(numbers) {
  const sorted = [...numbers].sort((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)]
}
