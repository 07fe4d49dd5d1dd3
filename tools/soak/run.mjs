// Sends requests of every kind, in bursts, and measures what is left after each stretch.
import { soakWx } from './wx.mjs'

const BURST = 40
const HOME = 'https://api.test'
const HOPS = 12

/** The kinds of requests, by their number in the burst: most are plain. */
function sender(api, bystander) {
  const withListeners = (task) => {
    task.onProgressUpdate(() => undefined)
    task.onHeadersReceived(() => undefined)
    return task
  }
  return (n) => {
    switch (n % BURST) {
      case 0:
        return withListeners(
          api.uploadFile({ url: '/avatar', filePath: 'a.png', name: 'file', formData: { n } }),
        )
      case 1:
        return withListeners(api.downloadFile({ url: '/avatar' }))
      case 2: {
        const task = api.get('/orders')
        task.abort()
        return task
      }
      case 3: {
        const task = withListeners(api.get('/hang'))
        void Promise.resolve().then(() => task.abort())
        return task
      }
      case 4:
        return api.get('/hang', undefined, { timeout: 50, retry: false })
      case 5:
        return api.authorize((token) => ({ statusCode: n % 2000 === 5 ? 401 : 200, token }))
      case 6:
        return api.request({ url: '/orders', complete: () => undefined })
      case 7:
        return api.get('/open', { n }, { auth: false })
      case 8:
        return api.get('/me', undefined, { auth: 'verified', totalTimeout: 60_000 })
      case 9:
        return api.put('/me', { n })
      case 10:
        return api.ensureLogin()
      case 11: {
        const off = bystander.on(() => undefined)
        return api.get('/me').finally(off)
      }
      default:
        return n % 3 === 0 ? api.post('/orders', { n }) : api.get('/orders', { page: n % 50 })
    }
  }
}

/**
 * `requests` in all, measured after each `every`. Resolves to the measures and the counts. The clock is moved so that
 * all that can end has ended when something is measured.
 */
export async function soak(createClient, { requests, every, tell = () => undefined }) {
  const stage = soakWx()
  const parent = createClient({ platform: stage.wx, baseURL: HOME, login: { url: '/login' }, timeout: 1000 })
  const api = parent.extend({
    use: [async (request, next) => next({ ...request, header: { 'x-trace': '1' } })],
  })
  const senders = [sender(parent, api), sender(api, parent)]
  const ends = {}
  const measures = []
  let sent = 0
  let settled = 0
  const count = (end) => {
    settled++
    ends[end] = (ends[end] ?? 0) + 1
  }

  while (sent < requests) {
    const stretch = Math.min(sent + every, requests)
    while (sent < stretch) {
      const send = senders[Math.floor(sent / BURST / 2) % 2]
      for (let n = 0; n < 2 * BURST && sent < stretch; n++, sent++) {
        send(sent).then(
          () => count('ok'),
          (error) => count(error.code ?? String(error)),
        )
      }
      await drain(stage, () => settled === sent)
      if (settled !== sent) throw new Error(`${sent - settled} of ${sent} requests never settle`)
    }
    // Alarms of deadlines that are no longer needed ring once and are not set again.
    stage.clock.advance(120_000)
    const heap = await heapAfterCollection()
    measures.push({ sent, heap, timers: stage.clock.pending, listeners: stage.listeners })
    tell(measures[measures.length - 1])
  }
  return { measures, ends, counts: stage.counts }
}

/** Answers, lets promises run and time pass, until everything has settled; not for ever. */
async function drain(stage, isDone) {
  for (let round = 0; round < 2000 && !isDone(); round++) {
    const answered = stage.answerAll()
    for (let hop = 0; hop < HOPS; hop++) await undefined
    if (answered === 0) stage.clock.advance(1000)
  }
}

/** Bytes in use once nothing that could be collected is left. */
async function heapAfterCollection() {
  for (let n = 0; n < 3; n++) {
    await new Promise((done) => setImmediate(done))
    globalThis.gc()
  }
  return process.memoryUsage().heapUsed
}

/** Why it is not flat, a line each; none when it is. The first measure is left out: code is compiled and caches fill. */
export function verdict({ measures }, limits) {
  const [first, ...rest] = measures
  const slope = slopePer100k(rest)
  const complaints = []
  if (slope > limits.slope)
    complaints.push(`memory grows by ${kb(slope)} KB per 100,000 requests; ${kb(limits.slope)} are allowed`)
  for (const name of ['timers', 'listeners']) {
    const worst = Math.max(...rest.map((measure) => measure[name]))
    if (worst > first[name] || worst > limits[name])
      complaints.push(`${worst} ${name} are left, ${first[name]} at first; ${limits[name]} are allowed`)
  }
  return { slope, complaints }
}

const kb = (bytes) => Math.round(bytes / 1024)

/** Bytes per 100,000 requests, by the line that fits the measures best. */
export function slopePer100k(measures) {
  const n = measures.length
  const mean = (read) => measures.reduce((sum, measure) => sum + read(measure), 0) / n
  const x = mean(({ sent }) => sent)
  const y = mean(({ heap }) => heap)
  const over = mean(({ sent, heap }) => (sent - x) * (heap - y))
  const under = mean(({ sent }) => (sent - x) ** 2)
  return under === 0 ? 0 : (over / under) * 100_000
}
