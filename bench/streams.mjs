// What reading a stream costs, as a ratio to handing on its chunks undecoded, and what an hour of one leaves in memory.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { assertFresh } from '../tools/build/fresh.mjs'
import { bounds, tellFailures } from './print.mjs'
import { cpu } from './stub.mjs'

const require = createRequire(import.meta.url)
assertFresh()
const { createClient } = require('../miniprogram_dist/index.js')
const { streamEvents, streamText } = require('../miniprogram_dist/stream.js')

const MEGABYTE = 1_000_000
const LONGEST_CHUNK = 2000
const ROUNDS = 41
/** How often each text is read by a process of its own: one in ten compiles it so that it takes three times as long. */
const TURNS = 3
/** Of text. Undecoded costs hardly more than the copies of the chunks, and a decoder in JavaScript looks at each byte. */
const GOAL = { limit: 3, ceiling: 6 }
const HOUR = 3_600_000
/** What an hour of a stream may leave behind, of some 50 MB that go by. */
const MOST_LEFT = 60_000

const failures = []

/** The same cuts each time: anywhere, within characters too. */
function pieces(text, repeats) {
  const whole = Buffer.from(text.repeat(repeats))
  const bytes = new Uint8Array(whole)
  const sizes = []
  let seed = 11
  for (let at = 0; at < bytes.length; at += sizes.at(-1)) {
    seed = (seed * 48_271) % 2_147_483_647
    sizes.push(1 + (seed % LONGEST_CHUNK))
  }
  return { buffer: bytes.buffer, sizes }
}

/** A phone that streams: each chunk a buffer of its own, as WeChat hands it out. */
function phone(type, { buffer, sizes }) {
  return {
    request({ success }) {
      const heads = []
      const chunks = []
      setImmediate(() => {
        const header = { 'Content-Type': type }
        for (const hear of heads) hear({ statusCode: 200, header, cookies: [] })
        let at = 0
        for (const size of sizes) for (const hear of chunks) hear({ data: buffer.slice(at, (at += size)) })
        success({ data: '', statusCode: 200, header, cookies: [], errMsg: 'request:ok' })
      })
      return {
        abort: () => undefined,
        onHeadersReceived: (hear) => heads.push(hear),
        onChunkReceived: (hear) => chunks.push(hear),
      }
    },
    login: ({ success }) => success({ code: 'code' }),
    getStorageSync: () => '',
    setStorageSync: () => undefined,
    removeStorageSync: () => undefined,
  }
}

const TEXTS = {
  'Chinese text': ['text/plain', '今天天气很好，我们去喝一杯咖啡 coffee ☕，然后回家。\n', streamText],
  'plain ASCII': [
    'text/plain',
    'The quick brown fox jumps over the lazy dog, and so it goes on.\n',
    streamText,
  ],
  'events of a chat': [
    'text/event-stream',
    'data: {"id":"chat-8a1","choices":[{"index":0,"delta":{"content":"你好"}}]}\n\n',
    streamEvents,
  ],
}

/** Milliseconds for the text of that name. */
async function measure(name) {
  const [type, line, open] = TEXTS[name]
  const api = createClient({
    platform: phone(type, pieces(line, Math.ceil(MEGABYTE / Buffer.byteLength(line)))),
    baseURL: 'https://api.test',
    login: { url: '/login' },
  })
  let seen = 0
  const undecoded = () => {
    const task = api.request({ url: '/stream', enableChunked: true, auth: false })
    task.onChunkReceived(({ data }) => (seen += data.byteLength))
    return task
  }
  const read = () => open(api, { url: '/stream', auth: false }).forEach((item) => (seen += item.length || 1))
  const figures = { undecoded: [], read: [] }
  for (let round = 0; round < ROUNDS; round++) {
    for (const [way, run] of Object.entries({ undecoded, read })) {
      const start = cpu()
      await run()
      if (round > 4) figures[way].push(cpu() - start)
    }
  }
  const [bare, ours] = Object.values(figures).map((all) => all.sort((a, b) => a - b)[all.length >> 1] / 1000)
  return { bare, ours, ratio: ours / bare }
}

function inItsOwnProcess(name) {
  const { stdout } = spawnSync(process.execPath, [import.meta.filename, name], { encoding: 'utf8' })
  return JSON.parse(stdout)
}

const [, , text] = process.argv
if (text) console.log(JSON.stringify(await measure(text)))
else await compare()

async function compare() {
  console.log('1 MB in chunks of 1 to 2,000 bytes    undecoded ms      read ms    ratio')
  for (const name of Object.keys(TEXTS)) {
    const turns = Array.from({ length: TURNS }, () => inItsOwnProcess(name))
    const { bare, ours, ratio } = turns.sort((one, other) => one.ratio - other.ratio)[TURNS >> 1]
    console.log(
      `${name.padEnd(36)}${bare.toFixed(2).padStart(14)}${ours.toFixed(2).padStart(13)}${ratio.toFixed(2).padStart(9)}`,
    )
    if (name !== 'events of a chat') console.log(bounds(`${name}, ratio`, ratio, GOAL, failures))
  }
  await hourOfStream()
  tellFailures(failures)
}

/** A stream that goes on for an hour of its clock, ten events a second, and a reader that keeps up. */
async function hourOfStream() {
  let now = 0
  let alarms = []
  const clock = {
    now: () => now,
    setTimeout: (run, ms) => {
      alarms.push({ run, due: now + ms })
      return alarms.at(-1)
    },
    clearTimeout: (alarm) => (alarms = alarms.filter((other) => other !== alarm)),
  }
  let chunk
  let finish
  const platform = Object.assign(phone('', { buffer: new ArrayBuffer(0), sizes: [] }), {
    clock,
    request({ success }) {
      finish = () => success({ data: '', statusCode: 200, header: {}, errMsg: 'request:ok' })
      return {
        abort: () => undefined,
        onHeadersReceived: (hear) => setImmediate(() => hear({ statusCode: 200, header: {}, cookies: [] })),
        onChunkReceived: (hear) => (chunk = hear),
      }
    },
  })
  const api = createClient({ platform, baseURL: 'https://api.test', login: { url: '/login' } })
  const stream = streamEvents(api, { url: '/stream', auth: false })
  let items = 0
  const reader = (async () => {
    for await (const { data } of stream) items += data.length > 0 ? 1 : 0
  })()
  await new Promise((resolve) => setImmediate(resolve))
  const left = () => {
    // Buffers are freed by a thread beside, at its leisure: the second collection waits until those of the first have gone.
    globalThis.gc()
    globalThis.gc()
    return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers
  }
  const figures = []
  for (const end = now + HOUR; now < end; now += 100) {
    for (const alarm of alarms.filter(({ due }) => due <= now)) {
      clock.clearTimeout(alarm)
      alarm.run()
    }
    const bytes = Buffer.from(`id: ${now}\ndata: ${'咖啡'.repeat(230)}\n\n`)
    chunk({ data: new Uint8Array(bytes).buffer })
    if (now % 60_000 === 0) {
      await new Promise((resolve) => setImmediate(resolve))
      figures.push(left())
    }
  }
  finish()
  await reader
  // The first minutes are the engine's own: it compiles.
  const growth = Math.min(...figures.slice(-10)) - Math.min(...figures.slice(10, 20))
  console.log(
    `an hour of a stream: ${items} events read, ${growth} bytes more in its last minutes than in the second ten`,
  )
  if (items !== HOUR / 100) failures.push(`${items} events were read of ${HOUR / 100}`)
  if (growth > MOST_LEFT)
    failures.push(`an hour of a stream leaves ${growth} bytes, the limit is ${MOST_LEFT}`)
}
