import type { ClientEvent, LoginEvent, LoginReason, RequestEvent } from '../src'

/** What a request is doing. `waiting`: for the login. `queued`: for a lane. `paused`: before it is tried again. */
export type State = 'waiting' | 'queued' | 'sent' | 'replayed' | 'paused' | 'retried'
export type Moment = 'refused' | 'lost' | 'done' | 'failed'

/** All times are ms since the timeline began. */
export interface Span {
  state: State
  from: number
  to: number
}

export interface Mark {
  moment: Moment
  at: number
}

/** The life of one request. */
export interface Lane {
  label: string
  spans: Span[]
  marks: Mark[]
  /** Its status, or the code of its error; empty while it has none. */
  outcome: string
}

/** Something that concerns all requests: a login, a server that is down. */
export interface Bar {
  label: string
  text: string
  kind: 'login' | 'outage'
  from: number
  to: number
}

/** How far an upload had come, in percent. */
export interface Progress {
  at: number
  percent: number
}

export interface Timeline {
  duration: number
  bars: Bar[]
  lanes: Lane[]
  progress: Progress[]
}

/** What happened besides the client's events, in epoch ms. */
export interface Surroundings {
  bars?: readonly Bar[]
  progress?: readonly Progress[]
}

/** Makes lanes over time of what a client told. Pure: the same events give the same picture. */
export function buildTimeline(events: readonly ClientEvent[], around: Surroundings = {}): Timeline {
  const { bars = [], progress = [] } = around
  const times = [...events.map(({ at }) => at), ...bars.flatMap(({ from, to }) => [from, to])]
  const start = times.length > 0 ? Math.min(...times) : 0
  const end = times.length > 0 ? Math.max(...times) : 0
  const logins = loginBars(events, end)
  return {
    duration: end - start,
    bars: [...logins, ...bars].map((bar) => ({ ...bar, from: bar.from - start, to: bar.to - start })),
    lanes: stepsById(events).map((steps) => laneOf(steps, logins, start, end)),
    progress: progress.map(({ at, percent }) => ({ at: at - start, percent })),
  }
}

const REASONS: Record<LoginReason, string> = {
  'no-session': 'nobody logged in',
  expired: 'session expired',
  unauthorized: 'after a 401',
  'check-failed': 'WeChat said no',
  forced: 'asked for',
}

function loginBars(events: readonly ClientEvent[], end: number): Bar[] {
  const steps = events.filter((event): event is LoginEvent => event.type === 'login')
  return steps
    .map((step, index) => ({ step, ending: steps[index + 1] }))
    .filter(({ step }) => step.phase === 'start')
    .map(({ step, ending }) => ({
      label: 'login',
      text: ending?.phase === 'fail' ? `failed: ${ending.code ?? ''}` : REASONS[step.reason],
      kind: 'login',
      from: step.at,
      to: ending?.at ?? end,
    }))
}

/** The steps of each request, requests in the order in which they were made. */
function stepsById(events: readonly ClientEvent[]): RequestEvent[][] {
  const byId = new Map<number, RequestEvent[]>()
  for (const event of events) {
    if (event.type !== 'request') continue
    const steps = byId.get(event.id)
    if (steps) steps.push(event)
    else byId.set(event.id, [event])
  }
  return [...byId].sort(([a], [b]) => a - b).map(([, steps]) => steps)
}

function laneOf(steps: readonly RequestEvent[], logins: readonly Bar[], start: number, end: number): Lane {
  const lane: Lane = { label: labelOf(steps[0]), spans: [], marks: [], outcome: '' }
  let sending: State = 'sent'
  steps.forEach((step, index) => {
    const from = step.at - start
    const to = (steps[index + 1]?.at ?? end) - start
    switch (step.phase) {
      case 'wait':
        lane.spans.push(...waits({ from, to }, logins, start))
        break
      case 'send':
        lane.spans.push({ state: sending, from, to })
        break
      case 'replay':
        lane.marks.push({ moment: 'refused', at: from })
        sending = 'replayed'
        break
      case 'retry':
        lane.marks.push({ moment: 'lost', at: from })
        lane.spans.push({ state: 'paused', from, to })
        sending = 'retried'
        break
      default:
        lane.marks.push({ moment: step.phase === 'success' ? 'done' : 'failed', at: from })
        lane.outcome = step.phase === 'fail' && step.code ? step.code : String(step.statusCode ?? '')
    }
  })
  return lane
}

/** A login starts a moment after the first request that needs it. */
const MOMENT = 10

/** Events do not tell what a request waits for: while there is a login it is for that, else for a lane. */
function waits({ from, to }: Omit<Span, 'state'>, logins: readonly Bar[], start: number): Span[] {
  const spans: Span[] = []
  let at = from
  for (const login of logins) {
    const begun = Math.max(at, login.from - start - MOMENT)
    const ended = Math.min(to, login.to - start)
    if (ended <= begun) continue
    spans.push({ state: 'queued', from: at, to: begun }, { state: 'waiting', from: begun, to: ended })
    at = ended
  }
  spans.push({ state: 'queued', from: at, to })
  return spans.filter((span) => span.to > span.from)
}

function labelOf(step: RequestEvent | undefined): string {
  return step ? `${step.method} ${step.url.replace(/^https?:\/\/[^/]*/, '')}` : ''
}
