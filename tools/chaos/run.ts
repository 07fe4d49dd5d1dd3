import { setTimeout as pause } from 'node:timers/promises'
import { startDatabase } from '../../server/__tests__/databases.ts'
import { Phone, type MakeClient, type Outcome } from './phone.ts'
import type { Plan, Planned, Trouble } from './plan.ts'
import { startProxy, type Proxy } from './proxy.ts'
import { ServerProcess } from './server.ts'

/** Requests that a phone has under way at once: more than its lanes, so that some always wait. */
const AT_ONCE = 14

/** Everything that happened, for whoever judges it. */
export interface Record {
  plan: Plan
  phones: readonly Phone[]
  proxy: Proxy
  /** By the number of the request. */
  outcomes: readonly Outcome[]
  /** Troubles that have come about; of an outage also how long it lasted, with the start of the server. */
  troubles: readonly { trouble: Trouble; ms: number }[]
  /** How often the sessions of each phone expired. */
  expiries: readonly number[]
  /** What the server has kept: the titles of all orders, by phone. */
  kept: readonly string[][]
  unhandled: readonly unknown[]
  ms: number
}

export const idOf = (n: number): string => `request-${n}`
const phoneOf = (n: number, { phones }: Plan): number => n % phones

/** Sends what is planned while the server suffers what is planned. Rejects when it is not over in time. */
export async function run(plan: Plan, limit: number, make?: MakeClient): Promise<Record> {
  const begun = Date.now()
  const unhandled: unknown[] = []
  const hear = (reason: unknown) => void unhandled.push(reason)
  process.on('unhandledRejection', hear)
  const database = await startDatabase('redis')
  const server = new ServerProcess(database)
  const proxy = await startProxy((id, arrival) => {
    const [what, n] = id.split('-')
    const faults =
      what === 'login'
        ? plan.loginFaults[Number(n)]
        : what === 'request'
          ? plan.requests[Number(n)]?.faults
          : []
    return faults?.[arrival - 1] ?? 'none'
  })
  try {
    await server.start()
    proxy.pointTo(server.address)
    const phones = Array.from({ length: plan.phones }, (_, n) => new Phone(n, plan.seed, proxy.address, make))
    const outcomes: Outcome[] = []
    const expiries = phones.map(() => 0)
    const told: { trouble: Trouble; ms: number }[] = []
    let settled = 0
    const sending = sendAll(plan, phones, (n, outcome) => {
      outcomes[n] = outcome
      settled++
    })
    const suffering = suffer(plan, { server, proxy, phones, expiries, told, settled: () => settled })
    const late = pause(limit, undefined, { ref: false }).then(() => {
      throw new Error(`after ${limit} ms only ${settled} of ${plan.requests.length} requests have settled`)
    })
    await Promise.race([Promise.all([sending, suffering]), late])
    const kept = await Promise.all(phones.map(ordersOf))
    return {
      plan,
      phones,
      proxy,
      outcomes,
      troubles: told,
      expiries,
      kept,
      unhandled,
      ms: Date.now() - begun,
    }
  } finally {
    process.off('unhandledRejection', hear)
    server.signal('SIGCONT')
    await server.close()
    await database.remove()
    await proxy.shut()
  }
}

async function sendAll(
  plan: Plan,
  phones: Phone[],
  done: (n: number, outcome: Outcome) => void,
): Promise<void> {
  const worker = async (phone: Phone, queue: number[]) => {
    for (let n = queue.shift(); n !== undefined; n = queue.shift()) {
      const request = plan.requests[n] as Planned
      done(n, await phone.settle(() => send(phone, request, idOf(n))))
    }
  }
  await Promise.all(
    phones.flatMap((phone, index) => {
      const queue = plan.requests.flatMap((_, n) => (phoneOf(n, plan) === index ? n : []))
      return Array.from({ length: AT_ONCE }, () => worker(phone, queue))
    }),
  )
}

async function send({ api }: Phone, { kind, page, delay }: Planned, id: string): Promise<unknown> {
  const header = { 'x-chaos-id': id, ...(delay > 0 && { 'x-dev-delay': delay }) }
  if (kind === 'page') return api.get('/orders', { page }, { header })
  if (kind === 'me') return api.get('/me', undefined, { header })
  if (kind === 'rename') return api.put('/me', { nickname: `chaos ${id}` }, { header })
  return api.post('/orders', { title: id, amount: 1 }, { header })
}

interface Stage {
  server: ServerProcess
  proxy: Proxy
  phones: Phone[]
  expiries: number[]
  told: { trouble: Trouble; ms: number }[]
  settled: () => number
}

/** One trouble after the other, each when its share of the requests has settled. */
async function suffer(plan: Plan, stage: Stage): Promise<void> {
  const { troubles, requests } = plan
  for (const [n, trouble] of troubles.entries()) {
    const due = Math.floor((requests.length * (n + 1)) / (troubles.length + 1))
    while (stage.settled() < due) await pause(5)
    const begun = Date.now()
    await bring(trouble, stage)
    stage.told.push({ trouble, ms: Date.now() - begun })
  }
}

async function bring(
  { kind, ms, phone }: Trouble,
  { server, proxy, phones, expiries }: Stage,
): Promise<void> {
  switch (kind) {
    case 'kill':
      await server.kill()
      await pause(ms)
      await server.start()
      proxy.pointTo(server.address)
      return
    case 'stop':
      server.signal('SIGSTOP')
      await pause(ms)
      server.signal('SIGCONT')
      return
    case 'refuse':
      await proxy.shut()
      await pause(ms)
      return proxy.open()
    case 'expire all':
      expiries.forEach((count, n) => (expiries[n] = count + 1))
      return server.expire()
    case 'expire one': {
      const n = phone % phones.length
      expiries[n] = (expiries[n] ?? 0) + 1
      return server.expire(phones[n]?.user)
    }
  }
}

interface Orders {
  pageSize: number
  total: number
  items: { title: string }[]
}

/** The server's own book, read when all is over. */
async function ordersOf({ api }: Phone): Promise<string[]> {
  const titles: string[] = []
  for (let page = 1; page <= 100; page++) {
    const { items } = await api.get<Orders>('/orders', { page }, { header: { 'x-chaos-id': 'audit' } })
    if (items.length === 0) break
    titles.push(...items.map(({ title }) => title))
  }
  return titles.filter((title) => title.startsWith('request-'))
}
