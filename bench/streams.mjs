// What reading a stream costs, as a ratio to handing on its chunks undecoded, and what an hour of one leaves in memory.
import { createRequire } from 'node:module'
import { assertFresh } from '../tools/build/fresh.mjs'
import { tellFailures } from './print.mjs'
import { cpu } from './stub.mjs'

const require = createRequire(import.meta.url)
assertFresh()
const { createClient } = require('../miniprogram_dist/index.js')
const { streamEvents, streamText } = require('../miniprogram_dist/stream.js')

const MEGABYTE = 1_000_000
const LONGEST_CHUNK = 2000
const ROUNDS = 41
const LIMIT = 3

const failures = []

/** The same cuts each time: anywhere, within characters too. */
function pieces(text, repeats) {
  const bytes = new TextEncoder().encode(text.repeat(repeats))
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
      queueMicrotask(() => {
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
  'plain ASCII': ['text/plain', 'The quick brown fox jumps over the lazy dog, and so it goes on.\n', streamText],
  'events of a chat': [
    'text/event-stream',
    'data: {"id":"chat-8a1","choices":[{"index":0,"delta":{"content":"你好"}}]}\n\n',
    streamEvents,
  ],
}

console.log('1 MB in chunks of 1 to 2,000 bytes    undecoded ms      read ms    ratio')
for (const [name, [type, line, open]] of Object.entries(TEXTS)) {
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
  console.log(`${name.padEnd(36)}${bare.toFixed(2).padStart(14)}${ours.toFixed(2).padStart(13)}${(ours / bare).toFixed(2).padStart(9)}`)
  if (name !== 'events of a chat' && ours / bare > LIMIT) failures.push(`${name}: ${(ours / bare).toFixed(2)} times, the limit is ${LIMIT}`)
}
tellFailures(failures)
