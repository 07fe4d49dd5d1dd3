import { RequestError, type Client, type ClientEvent } from '../../src'
import { createFakeClock, type FakeClock } from '../../src/testing'
import { Planted, SECRET } from './things'

const CODES: ReadonlySet<string> = new Set([
  'HTTP_STATUS',
  'UNAUTHORIZED',
  'BUSINESS',
  'NETWORK',
  'OFFLINE',
  'INTERRUPTED',
  'TIMEOUT',
  'ABORTED',
  'CONFIG',
  'LOGIN_FAILED',
  'LOGIN_TIMEOUT',
  'LOGIN_REJECTED',
  'LOGIN_BAD_RESPONSE',
  'LOGIN_BLOCKED',
  'LOGIN_COOLDOWN',
  'LOGIN_REQUIRED',
  'LOGGED_OUT',
  'SINGLE_PAGE_MODE',
])

/** Longer than every time-out, pause and retry of these tests, one after the other. */
const A_LONG_TIME = 400_000

/** Sees everything that comes out of a client, and says what should not have. */
export class Judge {
  readonly clock: FakeClock = createFakeClock({ hops: 12 })
  readonly findings: string[] = []
  /** How each promise ended, by its name. */
  readonly ends = new Map<string, string>()
  private readonly awaited = new Set<string>()
  private readonly unheard: unknown[] = []
  private readonly hearUnhandled = (reason: unknown) => void this.unheard.push(reason)
  private readonly own = { warn: console.warn, error: console.error, log: console.log, info: console.info }

  constructor() {
    process.on('unhandledRejection', this.hearUnhandled)
    for (const name of ['warn', 'error', 'log', 'info'] as const) {
      console[name] = (...words: unknown[]) => this.hear(`console.${name}`, words.map(printed).join(' '))
    }
  }

  find(words: string): void {
    this.findings.push(words)
  }

  hearEvent = (event: ClientEvent): void => this.hear(`a ${event.type} event`, printed(event))

  private hear(where: string, words: string): void {
    if (words.includes(SECRET)) this.find(`${where} tells a secret: ${words}`)
  }

  /** Does something that may start a request, and watches what becomes of it. */
  watch(name: string, start: () => unknown): unknown {
    let started: unknown
    try {
      started = start()
    } catch (error) {
      if (!(error instanceof Planted)) this.find(`${name} threw ${told(error)} instead of rejecting`)
      return undefined
    }
    if (!(started instanceof Promise)) return started
    this.awaited.add(name)
    started.then(
      () => this.settled(name, 'ok'),
      (error: unknown) => this.settled(name, this.rejected(name, error)),
    )
    return started
  }

  /** What the caller's `complete` heard counts in place of the promise, which nobody handles then. */
  watchCallbacks(name: string, start: (complete: (outcome: unknown) => void) => unknown): void {
    this.awaited.add(name)
    try {
      start((outcome) => this.settled(name, outcome instanceof Error ? this.rejected(name, outcome) : 'ok'))
    } catch (error) {
      this.awaited.delete(name)
      if (!(error instanceof Planted)) this.find(`${name} threw ${told(error)} instead of failing`)
    }
  }

  private settled(name: string, end: string): void {
    if (this.ends.has(name)) this.find(`${name} was called back twice`)
    this.ends.set(name, end)
  }

  private rejected(name: string, error: unknown): string {
    this.inspect(name, error)
    if (error instanceof Planted) return 'planted'
    if (error instanceof RequestError && CODES.has(error.code)) return error.code
    this.find(`${name} rejected with ${told(error)}, which is no RequestError`)
    return 'stray'
  }

  /** Whether an error tells a secret anywhere but in the server's own answer. */
  private inspect(name: string, error: unknown, depth = 0): void {
    if (!(error instanceof Error) || depth > 5) return
    const { errMsg, cause } = error as Error & { errMsg?: unknown }
    const fields = fieldsOf(error)
    delete fields['response']
    delete fields['cause']
    if (fields['request']) fields['request'] = { ...fields['request'], url: undefined }
    this.hear(
      `the error of ${name}`,
      [error.message, String(errMsg), error.stack, printed(fields)].join('\n'),
    )
    if (cause instanceof Error) this.inspect(name, cause, depth + 1)
    else if (cause !== undefined) this.hear(`the cause of the error of ${name}`, printed(cause))
  }

  /** Lets all time pass. By then everything has settled, and no timer is left. */
  async letTimePass(): Promise<void> {
    try {
      await this.clock.advance(A_LONG_TIME)
    } catch (error) {
      this.find(`a timer threw ${told(error)}`)
    }
    for (const name of this.awaited) if (!this.ends.has(name)) this.find(`${name} never settles`)
    if (this.clock.pending > 0) this.find('a timer is left')
  }

  /** After whatever has happened, so many requests at once still come through: no lane is lost. */
  async probe(api: Client, count: number): Promise<void> {
    for (let n = 0; n < count; n++) {
      const name = `probe ${n}`
      this.watch(name, () => api.get('https://probe.test/', undefined, { auth: false, retry: false }))
    }
    await this.letTimePass()
    for (let n = 0; n < count; n++) {
      const end = this.ends.get(`probe ${n}`)
      if (end !== undefined && end !== 'ok') this.find(`afterwards a plain request ends with ${end}`)
    }
  }

  /** Node tells of rejections that nobody handles only when the microtasks have run out. */
  async end(): Promise<string[]> {
    await new Promise((done) => setImmediate(done))
    process.off('unhandledRejection', this.hearUnhandled)
    Object.assign(console, this.own)
    for (const reason of this.unheard) this.find(`nobody could handle the rejection ${told(reason)}`)
    return this.findings
  }
}

export function told(value: unknown): string {
  try {
    return value instanceof Error ? `${value.name}: ${value.message}` : `${typeof value} ${String(value)}`
  } catch {
    return 'something that cannot be told'
  }
}

/** As JSON; of an error its words, which JSON leaves out. */
function printed(value: unknown): string {
  if (value === undefined) return ''
  try {
    if (value instanceof Planted) return ''
    if (value instanceof Error)
      return `${String(value)} ${JSON.stringify({ ...fieldsOf(value), response: undefined })}`
    return typeof value === 'string' ? value : JSON.stringify(value)
  } catch {
    return ''
  }
}

/** Own and enumerable, as JSON tells them. */
const fieldsOf = (value: object): Record<string, unknown> =>
  Object.assign({}, value) as Record<string, unknown>
