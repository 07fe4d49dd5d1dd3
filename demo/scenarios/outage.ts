import { setTimeout as pause } from 'node:timers/promises'
import type { Scenario, Stage } from '../stage'

const ORDER = { title: '搪瓷杯 🍵', amount: 990 }

export const outage: Scenario = {
  title: 'Outage: the server goes away and comes back',
  story: 'Reads are tried again. The order arrived, its answer did not: never sent twice.',
  promised: { requests: 9, failed: 1, unauthorized: 0, codes: 0, replays: 0 },
  // More patient than the default, for machines that are slow at starting a server.
  options: { retry: { limit: 8, delay: (attempt) => 100 * Math.min(attempt, 3) + 40 } },
  prepare: ({ api }) => api.ensureLogin(),
  async act(stage) {
    const { api, backend, bars, watch } = stage
    const slow = { header: { 'x-dev-delay': '600' } }
    const { requests } = await backend.stats()
    for (const page of [1, 2, 3]) watch(api.get('/orders', { page }, slow))
    watch(api.post('/orders', ORDER, slow))
    await until(async () => (await backend.stats()).requests === requests + 4)
    await pause(150)
    const from = Date.now()
    await backend.goAway()
    await lost(stage, 4)
    for (const page of [4, 5, 6, 7, 8]) watch(api.get('/orders', { page }))
    await lost(stage, 4 + 3 + 2 * 5)
    await backend.comeBack()
    bars.push({ label: 'server', text: 'gone', kind: 'outage', from, to: Date.now() })
  },
  async check({ api, fake }) {
    const { total } = await api.get<{ total: number }>('/orders', { page: 1 })
    const posts = fake.calls.requests.filter(({ method }) => method === 'POST')
    return [
      { what: 'times the order was sent', promised: 1, phone: posts.length },
      { what: 'orders in the list', promised: SAMPLES + 1, server: total },
    ]
  },
}

/** Every user of a server in development finds these. */
const SAMPLES = 23

/** Waits until so many attempts have ended without an answer. */
function lost({ fake }: Stage, count: number): Promise<void> {
  return until(() => fake.calls.requests.filter(({ outcome }) => outcome === 'fail').length >= count)
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('the outage took longer than 10 s')
    await pause(5)
  }
}
