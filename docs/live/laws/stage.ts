import { createClient, RequestError, type Client, type ClientOptions } from 'miniprogram-session'
import {
  createFakeClock,
  createFakeWeChat,
  type CallRecord,
  type FakeClock,
  type FakeWeChat,
  type FakeWeChatOptions,
  type realClock,
} from 'miniprogram-session/testing'
import { DONE, type Mark, type Row, type Scene, type Span } from './picture'

export const HOME = 'https://api.example.com'
const KEY = 'miniprogram-session'
/** Which row a request belongs to. */
const ROW = 'x-row'
/** The same in every picture, where the SDK's own delays have luck in them. */
export const RETRY = { limit: 2, delay: () => 100 }

export interface Settings {
  /** The token that an earlier launch has left. */
  token?: 'live' | 'dead' | 'none'
  client?: Partial<ClientOptions>
  phone?: Omit<FakeWeChatOptions, 'clock'>
  /** Default: one that takes no time. */
  clock?: typeof realClock
  /** What is written on a request; its status, if nothing is said. */
  write?: (record: CallRecord) => string
}

type Ask = (api: Client, options: { header: Record<string, string> }) => Promise<unknown>

/** A phone on which one law is shown: what is done on it is drawn as rows, from what the phone has seen. */
export class Stage {
  readonly fake: FakeWeChat<typeof realClock>
  readonly api: Client
  private readonly start: number
  private readonly rows: (Row & { id: string })[] = []
  private readonly hearing: Row = { label: 'page', spans: [], marks: [] }
  private readonly logins: Row = { label: 'wx.login', spans: [], marks: [] }
  private readonly checks: Row = { label: 'wx.checkSession', spans: [], marks: [] }
  private readonly calls: Row = { label: 'app', spans: [], marks: [] }

  constructor(private readonly settings: Settings = {}) {
    const { token = 'dead', phone, client, clock = createFakeClock() } = settings
    this.fake = createFakeWeChat({ latency: 100, loginLatency: 60, checkLatency: 150, clock, ...phone })
    this.fake.server.anyPath = true
    this.start = this.fake.clock.now()
    if (token !== 'none') this.fake.storage.set(KEY, { token })
    if (token === 'live') this.fake.server.issue(token)
    this.api = this.copy(client)
  }

  /** A client; another one on the same phone is another copy of the package. */
  copy(client: Partial<ClientOptions> = {}): Client {
    return createClient({
      platform: { ...this.fake.wx, ...this.watched() },
      baseURL: HOME,
      login: { url: '/login', retry: RETRY },
      checkSession: false,
      retry: RETRY,
      ...client,
    })
  }

  /** A row with what a page asks, and what it gets. */
  ask(label: string, run: Ask, api = this.api): void {
    const id = String(this.rows.length)
    const row = { id, label, spans: [] as Span[], marks: [] as Mark[] }
    this.rows.push(row)
    const from = this.now()
    const ended = (text: string, isBad: boolean) => {
      row.spans.unshift({ kind: 'waiting', from, to: this.now(), text: '' })
      row.marks.push({ at: this.now(), text, isBad })
    }
    run(api, { header: { [ROW]: id } }).then(
      () => ended(DONE, false),
      (error: unknown) => ended(error instanceof RequestError ? error.code : String(error), true),
    )
  }

  get(path: string, options: object = {}, api = this.api): void {
    this.ask(path, (client, row) => client.get(path, undefined, { ...options, ...row }), api)
  }

  /** Something that the app does, told in a row of its own. */
  say(text: string): void {
    this.calls.marks.push({ at: this.now(), text })
  }

  /** Something that reaches the page: a tick, or what it is. */
  hear(text = ''): void {
    if (text) this.hearing.marks.push({ at: this.now(), text })
    else this.hearing.spans.push({ kind: 'heard', from: this.now(), to: this.now(), text })
  }

  at(ms: number, run: () => void): void {
    this.fake.clock.setTimeout(run, ms)
  }

  /** Lets all time pass. */
  async play(): Promise<Scene> {
    await (this.fake.clock as FakeClock).runAll()
    return this.look()
  }

  /** What there is to see of it by now. */
  look(): Scene {
    const { requests } = this.fake.calls
    const exchanges = requests.filter(({ url }) => url.endsWith('/login'))
    const logins = this.logins.spans.map((span, index) => withExchange(span, exchanges[index], this.start))
    const asked = this.rows.map(({ id, label, spans, marks }): Row => {
      const own = requests.filter(({ header }) => header[ROW] === id)
      const sent = own.reduce<Span[]>((before, record) => [...before, ...this.spansOf(record, before)], [])
      return { label, spans: [...spans, ...sent], marks }
    })
    const told = [this.checks, ...asked, this.hearing, this.calls]
    const rows = [
      { ...this.logins, spans: logins },
      ...told.filter(({ spans, marks }) => spans.length + marks.length > 0),
    ]
    const times = rows.flatMap(({ spans, marks }) => [
      ...spans.map(({ from, to }) => to ?? from),
      ...marks.map(({ at }) => at),
    ])
    return { rows, end: Math.max(0, ...times) }
  }

  private now(): number {
    return this.fake.clock.now() - this.start
  }

  /** `wx` as the client sees it: its two calls about the session are drawn, and otherwise as they are. */
  private watched() {
    const { login, checkSession } = this.fake.wx
    return {
      login: (options: Parameters<typeof login>[0]) => {
        this.logins.spans.push({
          kind: 'login',
          from: this.now(),
          text: `code ${this.logins.spans.length + 1}`,
        })
        return login(options)
      },
      checkSession: (options: Parameters<typeof checkSession>[0]) => {
        const span: Span = { kind: 'check', from: this.now(), text: '' }
        this.checks.spans.push(span)
        const { complete } = options as { complete?: (result: never) => void }
        checkSession({
          ...options,
          complete: (result: never) => {
            span.to = this.now()
            complete?.(result)
          },
        })
      },
    }
  }

  private spansOf(record: CallRecord, before: readonly Span[]): Span[] {
    const { calledAt, startedAt, endedAt, statusCode, outcome } = record
    if (startedAt === undefined) return []
    const isAgain = before.some(({ kind }) => kind === 'refused' || kind === 'lost')
    const kind =
      statusCode === 401 ? 'refused' : outcome === 'success' ? (isAgain ? 'again' : 'sent') : 'lost'
    const text = this.settings.write?.(record) ?? String(statusCode ?? '✗')
    const sent: Span = {
      kind,
      from: startedAt - this.start,
      ...(endedAt !== undefined && { to: endedAt - this.start }),
      text,
    }
    return startedAt > calledAt
      ? [{ kind: 'queued', from: calledAt - this.start, to: startedAt - this.start, text: '' }, sent]
      : [sent]
  }
}

/** A login lasts until its code is answered. */
function withExchange(span: Span, exchange: CallRecord | undefined, start: number): Span {
  if (exchange?.endedAt === undefined) return span
  const text = exchange.statusCode === 200 ? span.text : `${span.text} ${exchange.statusCode ?? '✗'}`
  return { ...span, to: exchange.endedAt - start, text }
}
