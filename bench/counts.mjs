// What is counted rather than timed: promises, storage reads, turns of a cold start, and who is on the wire.
import { createHook } from 'node:async_hooks'
import path from 'node:path'
import { bundle } from '../tools/engines/bundle.mjs'
import { ENGINES, run } from '../tools/engines/engines.mjs'
import { createClient } from './built.mjs'
import { bounds, tellFailures } from './print.mjs'
import { stubWx, TOKEN } from './stub.mjs'

const HOME = 'https://api.test'
const PHONE_LANES = 10
const inside = (file) => JSON.stringify(path.join(import.meta.dirname, 'inside', file))

const failures = []
const report = (name, figure, goal) => console.log(bounds(name, figure, goal, failures))

report('promise turns in a row of a cold start', await turnsOfColdStart(), { limit: 6 })
await countPerRequest()
countPage()
for (const [name, makeClients] of Object.entries(pairs())) await countTogether(name, makeClients)
tellFailures(failures)

async function turnsOfColdStart() {
  const script = await bundle({
    prelude: path.join(import.meta.dirname, 'inside/counting.mjs'),
    code: `import { measure } from ${inside('cold-start.mjs')}\nstart(measure)`,
  })
  let turns
  const { complaints } = await run(ENGINES[0], script, (message) => {
    turns = message.turns
    if (message.failed) failures.push(`the cold start failed: ${message.failed}`)
  })
  if (turns === undefined) failures.push(`the cold start never had its data ${complaints}`)
  return turns ?? NaN
}

async function countPerRequest() {
  const requests = 1_000
  const wx = stubWx({ stored: { token: TOKEN } })
  const api = createClient({ platform: wx, baseURL: HOME, login: { url: '/login' } })
  // What the counting itself takes is taken off; its first run takes more.
  await countPromises(api, wx, 1)
  const { reads } = wx
  const promises = ((await countPromises(api, wx, requests)) - (await countPromises(api, wx, 0))) / requests
  report('promises per request with a known token', promises, { limit: 1 })
  report('storage reads per request', (wx.reads - reads) / requests, { limit: 0 })
}

/** All promises that come into being while so many requests are sent and answered. */
async function countPromises(api, wx, requests) {
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

/** Ten requests of a page, with a session that the server has accepted: none has to wait for another. */
function countPage() {
  const phone = crowdedPhone({ token: TOKEN })
  const api = createClient({ platform: phone.wx, baseURL: HOME, login: { url: '/login' } })
  swallow(api.get('/first'))
  phone.answerOldest()
  for (let index = 0; index < 10; index++) swallow(api.get(`/orders/${index}`))
  report('requests of a page that are held back', 10 - phone.onWire(), { limit: 0 })
}

function pairs() {
  const client = (phone, name) =>
    createClient({
      platform: phone.wx,
      baseURL: `https://${name}.test`,
      login: { url: '/login' },
      storage: { key: name },
    })
  return {
    'two clients that both log in': () => {
      const phone = crowdedPhone()
      return { phone, clients: [client(phone, 'one'), client(phone, 'other')] }
    },
    'two clients with known sessions': () => {
      const phone = crowdedPhone({ token: TOKEN })
      return { phone, clients: [client(phone, 'one'), client(phone, 'other')] }
    },
    'a client that logs in beside one that is in': () => {
      const phone = crowdedPhone((key) => (key === 'one' ? { token: TOKEN } : ''))
      return { phone, clients: [client(phone, 'one'), client(phone, 'other')] }
    },
  }
}

/** Thirty requests of each, answered one by one, the oldest and the newest in turn. */
async function countTogether(name, makeClients) {
  const { phone, clients } = makeClients()
  let settled = 0
  const count = () => void settled++
  for (let index = 0; index < 30; index++) for (const api of clients) api.get(`/${index}`).then(count, count)
  for (let idle = 0; settled < 60 && idle < 100; idle++) {
    if (phone.onWire() > 0) idle = 0
    if (settled % 2) phone.answerNewest()
    else phone.answerOldest()
    await new Promise((done) => setImmediate(done))
  }
  if (settled < 60) failures.push(`${name}: only ${settled} of 60 requests have settled`)
  report(`most on the wire at once, ${name}`, phone.most(), { limit: PHONE_LANES })
}

/** A phone that answers when it is told to, and knows how many are on the wire. */
function crowdedPhone(stored = '') {
  const calls = []
  let most = 0
  const end = (call) => {
    const { data = '', success } = call ?? {}
    const token = typeof data === 'object' ? `token-for-${data.code}` : undefined
    success?.({
      data: { token: token ?? TOKEN },
      statusCode: 200,
      header: {},
      cookies: [],
      errMsg: 'request:ok',
    })
  }
  return {
    most: () => most,
    onWire: () => calls.length,
    answerOldest: () => end(calls.shift()),
    answerNewest: () => end(calls.pop()),
    wx: {
      ...stubWx({}),
      getStorageSync: (key) => (typeof stored === 'function' ? stored(key) : stored),
      request(options) {
        calls.push(options)
        most = Math.max(most, calls.length)
        return { abort: () => undefined }
      },
    },
  }
}

function swallow(promise) {
  promise.catch(() => undefined)
}
