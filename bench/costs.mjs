/** What a package costs: CPU time and promises for each request, bytes, and a crowd that waits for one login. */
import { createHook } from 'node:async_hooks'
import { load } from './bundle.mjs'
import { cpu, TOKEN } from './stub.mjs'

const HOME = 'https://api.test'
const BURSTS = [1, 9, 50]
const ROUNDS = 9
/** CPU time that one reading should take, in µs: requests are cheap or dear by a factor of a hundred. */
const READING = 30_000
/** CPU time before the first reading, in µs, in which the code gets compiled. */
const WARM_UP = 400_000
export const CROWDS = [10, 100, 1_000, 10_000]
/** A crowd that takes longer than this, in ms, is given up. */
const PATIENCE = 60_000

/** An authorised GET with a known token, as a ratio to the barest wrapper there is, in turns with it. */
export async function measureCpu(peer, code) {
  const phone = stubPhone(peer, TOKEN)
  const { get } = load(code, phone)
  const plain = { url: `${HOME}/orders`, method: 'GET', header: { Authorization: `Bearer ${TOKEN}` } }
  const bare = () =>
    new Promise((success, fail) => phone.wx.request(Object.assign({}, plain, { success, fail })))
  const send = () => get('/orders')

  for (const way of [bare, send]) await enough(phone, way, 9, WARM_UP)

  const ratios = []
  const micros = []
  for (const size of BURSTS) {
    const requests = {
      bare: await enough(phone, bare, size, READING),
      ours: await enough(phone, send, size, READING),
    }
    const pairs = []
    for (let round = 0; round < ROUNDS; round++) {
      const one = await burst(phone, bare, size, requests.bare)
      pairs.push({ bare: one, ours: await burst(phone, send, size, requests.ours) })
    }
    ratios.push(median(pairs.map((pair) => pair.ours / pair.bare)))
    micros.push(median(pairs.map((pair) => pair.ours)))
  }
  return { ratio: median(ratios), micros: median(micros) }
}

/** How many requests take so much CPU time. */
async function enough(phone, send, size, wanted) {
  let requests = size * 20
  for (let doubling = 0; doubling < 20; doubling++) {
    if ((await burst(phone, send, size, requests)) * requests >= wanted) break
    requests *= 2
  }
  return requests
}

/** µs of CPU time for each request, awaited by its own caller, in bursts of `size` that are answered as soon as they reach WeChat. */
async function burst(phone, send, size, requests) {
  const call = async () => void (await send())
  const begun = cpu()
  let done = 0
  for (; done < requests; done += size) {
    const answered = phone.answered + size
    let last
    for (let index = 0; index < size; index++) last = call()
    phone.answer()
    for (let hop = 0; phone.answered < answered && hop < 1_000; hop++) {
      await undefined
      phone.answer()
    }
    await last
  }
  return (cpu() - begun) / done
}

/** Promises that come into being for one such request; the bare wrapper makes one. */
export async function countPromises(peer, code) {
  const phone = stubPhone(peer, TOKEN)
  const { get } = load(code, phone)
  await created(phone, get, 100)
  const requests = 1_000
  return ((await created(phone, get, requests)) - (await created(phone, get, 0))) / requests
}

async function created(phone, get, requests) {
  let count = 0
  const hook = createHook({ init: (_id, type) => void (count += type === 'PROMISE' ? 1 : 0) })
  const answered = phone.answered + requests
  hook.enable()
  for (let sent = 0; sent < requests; sent++) get('/orders')
  for (let turn = 0; turn < 50 && (turn < 5 || phone.answered < answered); turn++) {
    phone.answer()
    await new Promise((next) => setImmediate(next))
  }
  hook.disable()
  if (phone.answered < answered) throw new Error(`only ${phone.answered} of ${answered} were answered`)
  // The turns themselves: the same for any number of requests.
  return count
}

/** Time, logins and memory for requests without a token that all have to wait for the same login. */
export async function measureWaiting(peer, code, crowd) {
  const phone = stubPhone(peer, undefined)
  const { get } = load(code, phone)
  phone.holdLogins = true
  const before = heap()
  const begun = cpu()
  let settled = 0
  const over = () => void settled++
  for (let index = 0; index < crowd; index++) get(`/orders/${index}`).then(over, over)
  await rest(phone)
  let spent = cpu() - begun
  const bytes = (heap() - before) / crowd

  phone.holdLogins = false
  const resumed = cpu()
  const giveUpAt = Date.now() + PATIENCE
  phone.letLoginsGo()
  while (settled < crowd && Date.now() < giveUpAt) {
    phone.answer()
    await new Promise((next) => setImmediate(next))
  }
  spent += cpu() - resumed
  return { crowd, micros: spent / crowd, bytes, logins: phone.logins, isOver: settled === crowd }
}

/** Answers until nothing but the login is waited for. */
async function rest(phone) {
  for (let idle = 0; idle < 5;) {
    const answered = phone.answered
    phone.answer()
    await new Promise((next) => setImmediate(next))
    idle = phone.answered === answered ? idle + 1 : 0
  }
}

function heap() {
  globalThis.gc()
  return process.memoryUsage().heapUsed
}

/** The least a WeChat and a back end can do: one token is known, any code is good for it, who has no token is refused. */
function stubPhone(peer, token) {
  const [key, session] = peer.session(token ?? '')
  const stored = new Map(token === undefined ? [] : [[key, session]])
  const nothing = () => undefined
  let calls = []
  let logins = []
  let soon = []
  const phone = { answered: 0, logins: 0, holdLogins: false }

  const wx = {
    request(options) {
      calls.push(options)
      return TASK
    },
    login({ success }) {
      const go = () => success({ code: `code-${++phone.logins}` })
      if (phone.holdLogins) logins.push(go)
      else go()
    },
    checkSession: ({ success }) => success({}),
    getStorageSync: (name) => stored.get(name) ?? '',
    setStorageSync: (name, value) => void stored.set(name, value),
    removeStorageSync: (name) => void stored.delete(name),
    uploadFile: nothing,
    downloadFile: nothing,
    getNetworkType: ({ success }) => success({ networkType: 'wifi' }),
    onAppShow: nothing,
    onAppHide: nothing,
    onNetworkStatusChange: nothing,
    onSocketOpen: nothing,
    onSocketClose: nothing,
    onSocketMessage: nothing,
    onSocketError: nothing,
  }

  function answer() {
    while (calls.length > 0 || soon.length > 0) {
      const runs = soon
      soon = []
      for (const run of runs) run()
      const now = calls
      calls = []
      for (const { url, header, success, complete } of now) {
        phone.answered++
        const result = replyTo(url, header)
        success?.(result)
        complete?.(result)
      }
    }
  }

  return Object.assign(phone, {
    wx,
    answer,
    letLoginsGo: () => logins.splice(0).forEach((go) => go()),
    // A phone takes milliseconds for a timer of 0; only the work around it is counted here.
    setTimeout: (run, ms) => (ms > 0 ? setTimeout(run, ms) : soon.push(run)),
    clearTimeout: (timer) => typeof timer === 'object' && clearTimeout(timer),
  })
}

const TASK = { abort: () => undefined }
const BEARER = `Bearer ${TOKEN}`

function replyTo(url, header) {
  if (url.endsWith('/login')) {
    return reply(200, { code: 0, token: TOKEN, data: { skey: TOKEN, userinfo: {} } })
  }
  const isKnown = header !== undefined && (header.Authorization === BEARER || header['X-WX-Skey'] === TOKEN)
  return isKnown ? reply(200, { ok: true, path: url }) : reply(401, { code: -1, error: 'unauthorized' })
}

function reply(statusCode, data) {
  const header = { 'Content-Type': 'application/json' }
  return { data, statusCode, header, cookies: [], errMsg: 'request:ok' }
}

export function median(numbers) {
  const sorted = [...numbers].sort((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)]
}
