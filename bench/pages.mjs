// What page, cache and ui cost, as ratios to a request with one empty middleware, in turns with it in this run.
import { createRequire } from 'node:module'
import { assertFresh } from '../tools/build/fresh.mjs'
import { cpu, stubWx, TOKEN } from './stub.mjs'

const require = createRequire(import.meta.url)
assertFresh()
const { createClient } = require('../miniprogram_dist/index.js')
const { scope } = require('../miniprogram_dist/page.js')
const { cache } = require('../miniprogram_dist/cache.js')
const { loading } = require('../miniprogram_dist/ui.js')

const REQUESTS = 9_000
const BURST = 9
const ROUNDS = 21
/** The limits are the contract's; over the ceiling this fails, and the ceiling comes down with the code. */
const GOALS = {
  'scope, loading and cache': { limit: 3, ceiling: 3 },
  'a cache hit': { limit: 1.2, ceiling: 1.2 },
}

const wx = stubWx({ stored: { token: TOKEN } })
wx.showLoading = wx.hideLoading = () => undefined
const clientWith = (...use) =>
  createClient({ platform: wx, baseURL: 'https://api.test', login: { url: '/login' }, use })

const plain = clientWith((request, next) => next(request))
const page = scope(clientWith(loading(), cache({ ttl: 0 })))
const hits = clientWith(cache({ ttl: 1e9 }))
const WAYS = {
  'one empty middleware': (n) => plain.get(`/orders/${n}`),
  'scope, loading and cache': (n) => page.get(`/orders/${n}`),
  'a cache hit': () => hits.get('/orders'),
}

async function measure(send) {
  const call = async (n) => void (await send(n))
  const begun = cpu()
  for (let sent = 0; sent < REQUESTS; sent += BURST) {
    const all = Array.from({ length: BURST }, (_, n) => call(n))
    await wx.answerUntil(Promise.all(all))
  }
  return (cpu() - begun) / REQUESTS
}

const taken = Object.fromEntries(Object.keys(WAYS).map((name) => [name, []]))
for (let round = 0; round < ROUNDS; round++)
  for (const [name, send] of Object.entries(WAYS)) taken[name].push(await measure(send))

const median = (numbers) => [...numbers].sort((one, other) => one - other)[numbers.length >> 1]
const [empty] = Object.values(taken)
console.log('a request, in bursts of 9       µs    ratio    limit')
for (const [name, micros] of Object.entries(taken)) {
  const ratio = median(micros.map((one, round) => one / empty[round]))
  const { limit, ceiling } = GOALS[name] ?? {}
  console.log(
    `${name.padEnd(26)}${median(micros).toFixed(1).padStart(8)}${ratio.toFixed(2).padStart(9)}${String(limit ?? '').padStart(9)}`,
  )
  if (ratio > ceiling) {
    console.error(`${name}: ${ratio.toFixed(2)} is over ${ceiling}`)
    process.exitCode = 1
  }
}
