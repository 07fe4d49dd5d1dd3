import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { startDatabase } from '../../server/__tests__/databases.ts'
import { createClient, RequestError, type Client, type Platform } from '../../src'
import { streamEvents } from '../../src/stream/index.ts'
import { createFakeWeChat, httpTransport, realClock } from '../../src/testing'
import { mintCode } from '../../server/src/testing.ts'
import { ServerProcess } from './server.ts'

/** So many events has each stream, and this is the pace. */
const LENGTH = 30
const PACE = 12
const PHONES = 20
/** Lanes of a phone that streams hold at a time: others are left for logins. */
const AT_ONCE = 4
/** How often an app asks for the rest. */
const PATIENCE = 200

type Wrap = (platform: Platform) => Platform

interface Setting {
  count: number
  seed: number
  limit: number
  /** A platform with a fault, to see whether it is found. */
  wrap?: Wrap
}

/** One request of a stream: what was heard of it, and how it ended. */
interface Part {
  /** What it asked to go on after. */
  readonly after: number
  readonly ids: number[]
  /** Events that came after it had ended. */
  late: number
  end: string
}

interface History {
  setting: Setting
  /** By stream, each with its parts: the first, and those that asked for the rest. */
  streams: Part[][]
  left: readonly boolean[]
  troubles: string[]
  unhandled: unknown[]
  ms: number
}

/** Small, and the same everywhere: mulberry32. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Hands bytes on as they come, so that a server may come back at another port; and can hang up on everybody. */
export async function startLine() {
  let target = 0
  const open = new Set<Socket>()
  const server = createServer((phone) => {
    const server = connect(target, '127.0.0.1')
    for (const [one, other] of [
      [phone, server],
      [server, phone],
    ] as const) {
      open.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        open.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pointTo: (address: string) => (target = Number(new URL(address).port)),
    cut: () => open.forEach((socket) => socket.destroy()),
    async close() {
      const closed = new Promise((done) => server.close(done))
      open.forEach((socket) => socket.destroy())
      await closed
    },
  }
}

function phone(n: number, { seed, wrap = (platform) => platform }: Setting, address: string): Client {
  const user = `stream-${seed}-${n}`
  const fake = createFakeWeChat({
    server: httpTransport(),
    clock: realClock,
    codes: () => mintCode(user),
    loginLatency: 1,
    checkLatency: 1,
    record: false,
  })
  return createClient({
    platform: wrap(fake.wx),
    baseURL: address,
    login: { url: '/login', timeout: 4000 },
    retry: { limit: 50, delay: () => 150 },
    timeout: 2500,
  })
}

/** One stream to its end, or to where its reader leaves it; after an error the app asks for the rest. */
async function follow(api: Client, random: () => number): Promise<{ parts: Part[]; isLeft: boolean }> {
  const parts: Part[] = []
  const leavesAt = random() < 0.1 ? Math.ceil(random() * LENGTH) : Infinity
  const byForEach = random() < 0.5
  for (let last = ''; parts.length < PATIENCE;) {
    const part: Part = { after: Number(last), ids: [], late: 0, end: '' }
    parts.push(part)
    const stream = streamEvents(api, {
      url: `/events?count=${LENGTH}`,
      idleTimeout: 1500,
      header: {
        'x-dev-pace': PACE,
        ...(random() < 0.2 && { 'x-dev-cut': Math.floor(random() * LENGTH) }),
        ...(last !== '' && { 'Last-Event-ID': last }),
      },
    })
    const take = ({ lastEventId }: { lastEventId: string }): void => {
      if (part.end !== '') part.late++
      part.ids.push(Number(lastEventId))
      if (part.ids.length >= leavesAt) stream.abort()
    }
    try {
      if (byForEach) await stream.forEach(take)
      else for await (const event of stream) take(event)
      part.end = 'ok'
      return { parts, isLeft: false }
    } catch (error) {
      part.end = error instanceof RequestError ? error.code : String(error)
    }
    if (part.end === 'ABORTED') return { parts, isLeft: true }
    last = stream.lastEventId || last
    await pause(100)
  }
  return { parts, isLeft: false }
}

export async function runStreams(setting: Setting): Promise<History> {
  const begun = Date.now()
  const random = createRandom(setting.seed)
  const unhandled: unknown[] = []
  const hear = (reason: unknown) => void unhandled.push(reason)
  process.on('unhandledRejection', hear)
  const database = await startDatabase('redis')
  const server = new ServerProcess(database)
  const line = await startLine()
  const streams: Part[][] = []
  const left: boolean[] = []
  const troubles: string[] = []
  let next = 0
  try {
    await server.start()
    line.pointTo(server.address)
    const worker = async (api: Client): Promise<void> => {
      for (let n = next++; n < setting.count; n = next++) {
        const { parts, isLeft } = await follow(api, random)
        streams[n] = parts
        left[n] = isLeft
      }
    }
    const phones = Array.from({ length: PHONES }, (_, n) => phone(n, setting, line.address))
    const reading = Promise.all(phones.flatMap((api) => Array.from({ length: AT_ONCE }, () => worker(api))))
    const state = { isOver: false }
    const goesOn = () => !state.isOver
    const suffering = (async () => {
      const kinds = ['cut', 'stop', 'expire', 'kill'] as const
      for (let n = 0; goesOn(); n++) {
        await pause(400)
        const kind = kinds[n % kinds.length] as (typeof kinds)[number]
        if (!goesOn()) break
        troubles.push(kind)
        if (kind === 'cut') line.cut()
        else if (kind === 'expire') await server.expire()
        else if (kind === 'stop') {
          server.signal('SIGSTOP')
          await pause(2000)
          server.signal('SIGCONT')
        } else {
          await server.kill()
          await pause(200)
          await server.start()
          line.pointTo(server.address)
        }
      }
    })()
    const late = pause(setting.limit, undefined, { ref: false }).then(() => {
      throw new Error(`after ${setting.limit} ms only ${streams.flat().length} parts of streams have ended`)
    })
    await Promise.race([reading, late])
    state.isOver = true
    await suffering
    return { setting, streams, left, troubles, unhandled, ms: Date.now() - begun }
  } finally {
    process.off('unhandledRejection', hear)
    server.signal('SIGCONT')
    await server.close()
    await database.remove()
    await line.close()
  }
}

/** What was promised and not kept, in words. */
export function judgeStreams({ setting, streams, left, unhandled }: History): string[] {
  const broken = unhandled.map((reason) => `an unhandled rejection: ${String(reason)}`)
  for (let n = 0; n < setting.count; n++) {
    const parts = streams[n]
    if (!parts || parts.at(-1)?.end === '') {
      broken.push(`stream ${n} never ended`)
      continue
    }
    for (const { after, ids, late, end } of parts) {
      if (ids.some((id, index) => id !== after + index + 1))
        broken.push(`stream ${n}, asked to go on after ${after}, gave ${ids.join(' ')}`)
      if (late > 0) broken.push(`stream ${n} gave ${late} events after it had ended with ${end}`)
    }
    const whole = parts.flatMap(({ ids }) => ids)
    if (!left[n] && whole.join() !== Array.from({ length: LENGTH }, (_, index) => index + 1).join())
      broken.push(`stream ${n} gave ${whole.join(' ')} in all, and ended with ${String(parts.at(-1)?.end)}`)
  }
  return broken
}

export function summaryOfStreams({ setting, streams, left, troubles, ms }: History): string {
  const count = (words: readonly string[]) => {
    const counts = new Map<string, number>()
    for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
    return [...counts].map(([word, n]) => `${word} ${n}`).join(', ')
  }
  const parts = streams.flat()
  return [
    `${setting.count} streams of ${PHONES} phones in ${Math.round(ms / 1000)} s, seed ${setting.seed}`,
    `  troubles     ${count(troubles)}`,
    `  requests     ${parts.length}, ended by ${count(parts.map(({ end }) => end))}`,
    `  events       ${parts.reduce((sum, { ids }) => sum + ids.length, 0)} read; ${left.filter(Boolean).length} streams were left by their readers`,
  ].join('\n')
}

type Listener = (detail: { data: unknown }) => void
interface Task {
  onChunkReceived(listener: Listener): void
}

/** A phone whose tasks hand out their chunks as `alter` has it. */
const altered =
  (alter: (listener: Listener) => Listener): Wrap =>
  (platform) => ({
    ...platform,
    request(options) {
      const task = platform.request(options) as Task
      const onChunkReceived = task.onChunkReceived.bind(task)
      task.onChunkReceived = (listener) => onChunkReceived(alter(listener))
      return task
    },
  })

const FAULTS: readonly { name: string; wrap?: Wrap; expected?: RegExp }[] = [
  { name: 'has no fault' },
  {
    name: 'hears chunks twice',
    expected: /gave .*\b(\d+) \1\b/,
    wrap: altered((listener) => (chunk) => {
      listener(chunk)
      listener(chunk)
    }),
  },
  {
    name: 'loses chunks',
    expected: /gave/,
    wrap: altered((listener) => {
      let n = 0
      return (chunk) => {
        if (++n % 7 !== 0) listener(chunk)
      }
    }),
  },
]

/** Whether a sound phone passes, and each faulty one is found out. */
export async function proveStreams(count: number, seed: number, limit: number): Promise<boolean> {
  let isProven = true
  for (const { name, wrap, expected } of FAULTS) {
    const broken = judgeStreams(await runStreams({ count, seed, limit, ...(wrap && { wrap }) }))
    const found = broken.find((words) => expected?.test(words))
    const isRight = expected ? found !== undefined : broken.length === 0
    isProven &&= isRight
    const words =
      broken.length === 0 ? 'nothing found' : `${broken.length} found, such as: ${found ?? broken[0] ?? ''}`
    console.log(`${isRight ? 'as it should' : 'WRONG'}: a phone that ${name}: ${words}`)
  }
  return isProven
}
