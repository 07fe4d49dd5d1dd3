import { mintCode } from '../server/src/testing.ts'
import { createClient, type Client, type ClientEvent, type ClientOptions, type Clock } from '../src'
import { createFakeWeChat, httpTransport, realClock, type FakeRequest, type FakeWeChat } from '../src/testing'
import type { Backend } from './backend'
import { compare, countCalls, type Count, type PhoneCounts, type Promised } from './counts'
import { buildTimeline, type Bar, type Progress, type Timeline } from './timeline'

/** What a scenario plays with. */
export interface Stage {
  api: Client
  fake: FakeWeChat<Clock>
  backend: Backend
  /** Takes note of a request: whatever becomes of it is looked at in the end. */
  watch: (request: Promise<unknown>) => void
  /** For what the client's events cannot tell; in epoch ms. */
  bars: Bar[]
  progress: Progress[]
}

export interface Scenario {
  title: string
  story: string
  promised: Promised
  options?: Partial<ClientOptions>
  /** Before the curtain rises: neither drawn nor counted. */
  prepare?(stage: Stage): Promise<unknown>
  /** Makes the requests that are counted, each with a URL of its own. */
  act(stage: Stage): void | Promise<void>
  /** What else is promised. */
  check?(stage: Stage, answers: unknown[]): Count[] | Promise<Count[]>
}

export interface Performance {
  timeline: Timeline
  counts: Count[]
  phone: PhoneCounts
  /** ms */
  duration: number
}

/** Plays one scenario over real HTTP, on a phone of its own, and counts on both ends of the wire. */
export async function perform(scenario: Scenario, backend: Backend, user: string): Promise<Performance> {
  const events: ClientEvent[] = []
  const fake = createFakeWeChat({
    server: httpTransport(),
    clock: realClock,
    codes: () => mintCode(user),
    latency: mobileLatency,
    loginLatency: 60,
  })
  const api = createClient({
    platform: fake.wx,
    baseURL: backend.address,
    login: { url: '/login' },
    ...scenario.options,
  })
  const watched: Promise<unknown>[] = []
  const stage: Stage = {
    api,
    fake,
    backend,
    bars: [],
    progress: [],
    watch(request) {
      // It may fail before the end, when nobody looks yet.
      request.catch(() => undefined)
      watched.push(request)
    },
  }

  await scenario.prepare?.(stage)
  fake.calls.reset()
  api.on((event) => events.push(event))
  const before = await backend.stats()
  const begun = Date.now()

  await scenario.act(stage)
  const outcomes = await Promise.allSettled(watched)

  const duration = Date.now() - begun
  const server = await backend.stats()
  for (const name of Object.keys(server) as (keyof typeof server)[]) server[name] -= before[name]
  const phone = countCalls(fake.calls)
  const answers = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  return {
    timeline: buildTimeline(events, stage),
    counts: [
      ...compare(scenario.promised, server, phone, answers.length),
      ...((await scenario.check?.(stage, answers)) ?? []),
    ],
    phone,
    duration,
  }
}

/** A mobile network: 60 to 110 ms there and back, differing from one request to the next but not from run to run. */
function mobileLatency({ id, url }: FakeRequest): number {
  return url.endsWith('/login') ? 90 : 60 + ((id * 37) % 50)
}
