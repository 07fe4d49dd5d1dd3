/**
 * What a request costs beyond wx.request: CPU time as a ratio to the barest wrapper there is, both measured in
 * this run against the same stub; promises and storage reads per request; and requests that wait for one login.
 */
import { createHook } from 'node:async_hooks'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { burst, cpu, stubWx, TOKEN } from './stub.mjs'

/** The median ratio at which this script fails: the budget, with room for a busy machine. */
const RATIO_LIMIT = 4
const RATIO_BUDGET = 3
const PROMISES_PER_REQUEST = 1
/** How much more a request may cost among 10,000 than among the cheapest smaller crowd; were it quadratic, 10 or more. */
const GROWTH_LIMIT = 6

const HOME = 'https://api.test'
const built = new URL('../dist/index.js', import.meta.url)
if (!existsSync(built)) throw new Error('Nothing is built yet: npm run build')
const { createClient } = createRequire(import.meta.url)(built.pathname)

const failures = []
const check = (isKept, words) => isKept || failures.push(words)
const clientOn = (wx) => createClient({ platform: wx, baseURL: HOME, login: { url: '/login' } })

const wx = stubWx({ stored: { token: TOKEN } })
const api = clientOn(wx)
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
await measureWaiting()
for (const words of failures) console.error(`FAILED: ${words}`)
process.exitCode = failures.length ? 1 : 0

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

async function measureWaiting() {
  const crowds = [100, 1_000, 2_000, 10_000]
  const best = new Map(crowds.map((crowd) => [crowd, Infinity]))
  let logins = 0
  let isInOrder = true
  for (let round = 0; round < 7; round++) {
    for (const crowd of crowds) {
      // Small crowds several times over, so that each reading is of the same length.
      let spent = 0
      const times = Math.max(1, Math.round(2_000 / crowd))
      for (let time = 0; time < times; time++) {
        const phone = stubWx({})
        const client = clientOn(phone)
        const begun = cpu()
        const all = Promise.all(Array.from({ length: crowd }, (_, index) => client.get(`/orders/${index}`)))
        await phone.answerUntil(all)
        spent += cpu() - begun
        logins = Math.max(logins, phone.logins)
        const urls = phone.urls.filter((url) => !url.endsWith('/login'))
        isInOrder &&= urls.every((url, index) => url === `${HOME}/orders/${index}`) && urls.length === crowd
      }
      best.set(crowd, Math.min(best.get(crowd), spent / times / crowd))
    }
  }
  console.log('requests that wait behind one login, CPU time')
  for (const [crowd, micros] of best) {
    console.log(
      row('', crowd, `${micros.toFixed(2)} µs each`, `${((micros * crowd) / 1000).toFixed(1)} ms in all`),
    )
  }
  const smaller = Math.min(...crowds.slice(0, -1).map((crowd) => best.get(crowd)))
  const growth = best.get(10_000) / smaller
  console.log(`among 10,000 a request costs ${growth.toFixed(2)} times the cheapest (limit ${GROWTH_LIMIT})`)
  console.log(`logins: ${logins}; order kept: ${isInOrder ? 'yes' : 'no'}`)
  check(growth <= GROWTH_LIMIT, `the cost of waiting grows ${growth.toFixed(2)} times`)
  check(logins === 1, `${logins} logins for one crowd`)
  check(isInOrder, 'requests went out in another order than they came')
}

function median(numbers) {
  const sorted = [...numbers].sort((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)]
}

function row(name, ...cells) {
  return name.padEnd(20) + cells.map((cell) => String(cell).padStart(14)).join('')
}
