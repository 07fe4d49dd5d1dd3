/**
 * What it costs to wait: requests that all wait for one login, from 100 of them to 10,000. They must go out in
 * the order they came, after one login, and the cost of each must not grow with their number.
 *
 * Run it with a young generation that holds them all, as `npm run bench` does: with V8's usual one the collector
 * copies ten thousand waiting requests about, which costs three times as much as they do.
 */
import { createClient } from './built.mjs'
import { bounds, row, tellFailures } from './print.mjs'
import { cpu, stubWx } from './stub.mjs'

const HOME = 'https://api.test'
const CROWDS = [100, 1_000, 2_000, 10_000]
/** How much more a request may cost in the largest crowd than in the cheapest smaller one; were it quadratic, 10 or more. */
const GROWTH_LIMIT = 3
/** How much more one costs than a bare promise around wx.request, in a crowd of this size: twice what it was in 0.1. */
const RATIO_CROWD = 1_000
const RATIO = { limit: 14, aim: 7 }
/** The best of so many rounds, or of as many more as a busy machine needs to show figures within the limits. */
const ROUNDS = 7
const MOST_ROUNDS = 50

const best = new Map(CROWDS.map((crowd) => [crowd, Infinity]))
let bestBare = Infinity
let logins = 0
let isInOrder = true
for (let round = 0; round < ROUNDS || (isOver() && round < MOST_ROUNDS); round++) {
  for (const crowd of CROWDS) best.set(crowd, Math.min(best.get(crowd), await micros(crowd)))
  bestBare = Math.min(bestBare, await bareMicros())
}

console.log('requests that wait behind one login, CPU time')
for (const [crowd, each] of best) {
  console.log(row('', crowd, `${each.toFixed(2)} µs each`, `${((each * crowd) / 1000).toFixed(1)} ms in all`))
}
console.log(
  `among ${CROWDS.at(-1)} a request costs ${growth().toFixed(2)} times the cheapest (limit ${GROWTH_LIMIT})`,
)
console.log(`logins: ${logins}; order kept: ${isInOrder ? 'yes' : 'no'}`)

const failures = []
console.log(
  bounds(`among ${RATIO_CROWD}, against a bare promise around wx.request`, ratio(), RATIO, failures),
)
if (growth() > GROWTH_LIMIT) failures.push(`the cost of waiting grows ${growth().toFixed(2)} times`)
if (logins !== 1) failures.push(`${logins} logins for one crowd`)
if (!isInOrder) failures.push('requests went out in another order than they came')
tellFailures(failures)

/** CPU time for each request of such a crowd. */
async function micros(crowd) {
  // Small crowds several times over, so that each reading is of the same length.
  const times = Math.round(CROWDS.at(-1) / crowd)
  let spent = 0
  for (let time = 0; time < times; time++) {
    const phone = stubWx({})
    const client = createClient({ platform: phone, baseURL: HOME, login: { url: '/login' } })
    const begun = cpu()
    const all = Promise.all(Array.from({ length: crowd }, (_, index) => client.get(`/orders/${index}`)))
    await phone.answerUntil(all)
    spent += cpu() - begun
    logins = Math.max(logins, phone.logins)
    const urls = phone.urls.filter((url) => !url.endsWith('/login'))
    isInOrder &&= urls.every((url, index) => url === `${HOME}/orders/${index}`) && urls.length === crowd
  }
  return spent / times / crowd
}

/** The same for bare promises, which wait for nothing. */
async function bareMicros() {
  const times = Math.round(CROWDS.at(-1) / RATIO_CROWD)
  let spent = 0
  for (let time = 0; time < times; time++) {
    const phone = stubWx({})
    const send = (url) => new Promise((success, fail) => phone.request({ url, method: 'GET', success, fail }))
    const begun = cpu()
    const all = Promise.all(
      Array.from({ length: RATIO_CROWD }, (_, index) => send(`${HOME}/orders/${index}`)),
    )
    await phone.answerUntil(all)
    spent += cpu() - begun
  }
  return spent / times / RATIO_CROWD
}

function isOver() {
  return growth() > GROWTH_LIMIT || ratio() > RATIO.limit
}

function ratio() {
  return best.get(RATIO_CROWD) / bestBare
}

function growth() {
  const smaller = CROWDS.slice(0, -1).map((crowd) => best.get(crowd))
  return best.get(CROWDS.at(-1)) / Math.min(...smaller)
}
