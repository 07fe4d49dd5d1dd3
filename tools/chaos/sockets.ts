import { setTimeout as pause } from 'node:timers/promises'
import { wsTransport } from '../../__tests__/e2e/ws-transport.ts'
import { startDatabase } from '../../server/__tests__/databases.ts'
import { mintCode } from '../../server/src/testing.ts'
import { createClient, type Platform } from '../../src'
import { openSocket } from '../../src/socket/index.ts'
import { createFakeWeChat, httpTransport, realClock } from '../../src/testing'
import { ServerProcess } from './server.ts'
import { startLine } from './streams.ts'

/** WeChat's own limit. */
const ON_A_PHONE = 5
/** ms between two messages of a socket. */
const PACE = 40
/** How often the server is hurt, and how. */
const TROUBLES = ['cut', 'stop', 'expire', 'kill', 'hide'] as const
const ROUNDS = 4
/** ms in which every socket is back when all is well again. */
const PATIENCE = 20_000

type Wrap = (platform: Platform) => Platform

interface Setting {
  count: number
  seed: number
  limit: number
  /** A platform with a fault, to see whether it is found. */
  wrap?: Wrap
}

interface Talk {
  /** By connection: the numbers of what was echoed, in the order of arrival. */
  readonly heard: number[][]
  readonly broken: string[]
  sent: number
  opens: number
  /** Whether its last word was echoed, when all was well again. */
  isBack: boolean
}

interface History {
  setting: Setting
  talks: Talk[]
  most: number
  troubles: string[]
  unhandled: unknown[]
  ms: number
}

function phone(n: number, { seed, wrap = (platform) => platform }: Setting, address: string) {
  const user = `socket-${seed}-${n}`
  const fake = createFakeWeChat({
    server: httpTransport(),
    sockets: wsTransport,
    clock: realClock,
    codes: () => mintCode(user),
    loginLatency: 1,
    checkLatency: 1,
    record: false,
  })
  const api = createClient({
    platform: wrap(fake.wx),
    baseURL: address,
    login: { url: '/login', timeout: 4000 },
    timeout: 2500,
  })
  return { fake, api }
}

/** One socket that counts aloud, and what comes back. */
function talk({ api }: ReturnType<typeof phone>) {
  const told: Talk = { heard: [], broken: [], sent: 0, opens: 0, isBack: false }
  let isOpen = false
  let isOver = false
  const socket = openSocket(api, {
    url: '/ws',
    connectionTimeout: 1500,
    minReconnectionDelay: 50,
    maxReconnectionDelay: 400,
    minUptime: 300,
    maxEnqueuedMessages: 1000,
    heartbeat: { interval: 500, timeout: 700 },
  })
  socket.on('open', () => {
    if (isOpen) told.broken.push('opened twice')
    isOpen = true
    told.opens++
    told.heard.push([])
  })
  socket.on('close', ({ wasOpen, willReconnect }) => {
    if (wasOpen !== isOpen) told.broken.push(`closed, was open: ${wasOpen}`)
    isOpen = false
    if (!willReconnect && !isOver) told.broken.push('ended by itself')
  })
  socket.on('message', ({ data }) => {
    if (data === 'pong') return
    const n = Number((data as string).replace('echo ', ''))
    told.heard.at(-1)?.push(n)
    if (isOver && n === told.sent) told.isBack = true
  })
  socket.on('error', ({ code, message }) => {
    if (socket.state === 'closed') told.broken.push(`${code}: ${message}`)
  })
  const counting = setInterval(() => {
    if (socket.send(String(told.sent + 1))) told.sent++
  }, PACE)
  return {
    told,
    /** All is well: it says one word more until that is echoed. */
    async end(until: number): Promise<void> {
      clearInterval(counting)
      isOver = true
      while (!told.isBack && Date.now() < until) {
        if (socket.state === 'open' && socket.send(String(told.sent + 1))) told.sent++
        await pause(100)
      }
      socket.close()
    },
  }
}

export async function runSockets(setting: Setting): Promise<History> {
  const begun = Date.now()
  const unhandled: unknown[] = []
  const hear = (reason: unknown) => void unhandled.push(reason)
  process.on('unhandledRejection', hear)
  const database = await startDatabase('redis')
  const server = new ServerProcess(database)
  const line = await startLine()
  const troubles: string[] = []
  try {
    await server.start()
    line.pointTo(server.address)
    const phones = Array.from({ length: Math.ceil(setting.count / ON_A_PHONE) }, (_, n) =>
      phone(n, setting, line.address),
    )
    const talks = Array.from({ length: setting.count }, (_, n) =>
      talk(phones[Math.floor(n / ON_A_PHONE)] as ReturnType<typeof phone>),
    )
    await pause(1000)
    for (let n = 0; n < ROUNDS * TROUBLES.length; n++) {
      const kind = TROUBLES[
        (n * (1 + (setting.seed % 4)) + setting.seed) % TROUBLES.length
      ] as (typeof TROUBLES)[number]
      troubles.push(kind)
      if (kind === 'cut') line.cut()
      else if (kind === 'expire') await server.expire()
      else if (kind === 'hide') {
        for (const { fake } of phones) fake.app.toBackground()
        await pause(200)
        for (const { fake } of phones) fake.app.toForeground()
      } else if (kind === 'stop') {
        server.signal('SIGSTOP')
        await pause(1800)
        server.signal('SIGCONT')
      } else {
        await server.kill()
        await pause(200)
        await server.start()
        line.pointTo(server.address)
      }
      await pause(500)
    }
    const until = Math.min(Date.now() + PATIENCE, begun + setting.limit)
    await Promise.all(talks.map((each) => each.end(until)))
    const most = Math.max(...phones.map(({ fake }) => fake.calls.maxSockets))
    return {
      setting,
      talks: talks.map(({ told }) => told),
      most,
      troubles,
      unhandled,
      ms: Date.now() - begun,
    }
  } finally {
    process.off('unhandledRejection', hear)
    server.signal('SIGCONT')
    await server.close()
    await database.remove()
    await line.close()
  }
}

/** What was promised and not kept, in words. */
export function judgeSockets({ talks, most, unhandled }: History): string[] {
  const broken = unhandled.map((reason) => `an unhandled rejection: ${String(reason)}`)
  if (most > ON_A_PHONE) broken.push(`a phone had ${most} sockets at once`)
  talks.forEach((told, n) => {
    broken.push(...told.broken.map((words) => `socket ${n}: ${words}`))
    if (!told.isBack) broken.push(`socket ${n} was lost after ${told.opens} connections`)
    // Each was sent once, and in order: over all connections the numbers rise.
    const all = told.heard.flat()
    const wrong = all.findIndex((each, index) => index > 0 && each <= (all[index - 1] as number))
    if (wrong > 0) broken.push(`socket ${n} heard ${String(all[wrong])} after ${String(all[wrong - 1])}`)
    told.heard.forEach((one) => {
      const gap = one.findIndex((each, index) => index > 0 && each !== (one[index - 1] as number) + 1)
      if (gap > 0) broken.push(`socket ${n}: one connection lost what is before ${String(one[gap])}`)
    })
  })
  return broken
}

export function summaryOfSockets({ setting, talks, most, troubles, ms }: History): string {
  const sum = (amount: (told: Talk) => number) => talks.reduce((all, told) => all + amount(told), 0)
  return [
    `${setting.count} sockets, ${most} at most on a phone, in ${Math.round(ms / 1000)} s, seed ${setting.seed}`,
    `  troubles     ${troubles.join(' ')}`,
    `  connections  ${sum(({ opens }) => opens)}`,
    `  messages     ${sum(({ sent }) => sent)} sent, ${sum(({ heard }) => heard.flat().length)} echoed`,
  ].join('\n')
}

interface Task {
  onMessage(listener: (event: { data: unknown }) => void): void
  onClose(listener: (event: object) => void): void
}

/** A phone whose tasks tell what `alter` makes of it. */
const altered =
  (alter: (task: Task) => void): Wrap =>
  (platform) => ({
    ...platform,
    connectSocket(options) {
      const task = platform.connectSocket?.(options) as Task
      alter(task)
      return task
    },
  })

const FAULTS: readonly { name: string; wrap?: Wrap; expected?: RegExp }[] = [
  { name: 'has no fault' },
  {
    name: 'hears messages twice',
    expected: /heard (\d+) after \1/,
    wrap: altered((task) => {
      const onMessage = task.onMessage.bind(task)
      task.onMessage = (listener) =>
        onMessage((event) => {
          listener(event)
          listener(event)
        })
    }),
  },
  {
    name: 'loses messages',
    expected: /lost what is before/,
    wrap: altered((task) => {
      const onMessage = task.onMessage.bind(task)
      let n = 0
      task.onMessage = (listener) =>
        onMessage((event) => {
          if (++n % 7 !== 0) listener(event)
        })
    }),
  },
]

/** Whether a sound phone passes, and each faulty one is found out. */
export async function proveSockets(count: number, seed: number, limit: number): Promise<boolean> {
  let isProven = true
  for (const { name, wrap, expected } of FAULTS) {
    const broken = judgeSockets(await runSockets({ count, seed, limit, ...(wrap && { wrap }) }))
    const found = broken.find((words) => expected?.test(words))
    const isRight = expected ? found !== undefined : broken.length === 0
    isProven &&= isRight
    const words =
      broken.length === 0 ? 'nothing found' : `${broken.length} found, such as: ${found ?? broken[0] ?? ''}`
    console.log(`${isRight ? 'as it should' : 'WRONG'}: a phone that ${name}: ${words}`)
  }
  return isProven
}
