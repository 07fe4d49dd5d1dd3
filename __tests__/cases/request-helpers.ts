import type { Client, ClientOptions, Platform } from '../../src'
import type { FakeWeChat } from '../../src/testing'
import { altered, clientOn, makeWorld, type World } from '../laws/world'

export const STREAM = '/stream'
export const NDJSON = { 'content-type': 'application/x-ndjson' }
export const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' }

export type Kind = 'request' | 'uploadFile' | 'downloadFile'
export const KINDS: readonly Kind[] = ['request', 'uploadFile', 'downloadFile']

/** The same errand in each of the three ways that WeChat has. */
export function sendBy(api: Client, kind: Kind, extras: object = {}): Promise<unknown> & { abort(): void } {
  if (kind === 'uploadFile') return api.uploadFile({ url: '/file', filePath: 'f', name: 'n', ...extras })
  if (kind === 'downloadFile') return api.downloadFile({ url: '/file', ...extras })
  return api.request({ url: '/file', ...extras })
}

type PlatformOptions = Parameters<Platform['request']>[0]
type Heard = (detail: unknown) => void

/** One call of the platform that says and does what the test lets it, at the times that the test names. */
export interface Scripted {
  /** How many came before it. */
  readonly nth: number
  readonly options: Readonly<PlatformOptions>
  /** Its bearer token; `''` for none. */
  readonly token: string
  isAborted: boolean
  /** Runs `deed` `ms` from now. */
  at(ms: number, deed: () => void): void
  head(statusCode: number | undefined, header?: Record<string, string>): void
  chunk(text: string): void
  progress(percent: number): void
  succeed(result?: object): void
  fail(failure: object): void
}

/** What the platform does instead of `kind`, except for the login's own request, which goes to the fake. */
export function scripted(
  fake: FakeWeChat,
  kind: Kind,
  play: (call: Scripted) => void,
): { calls: Scripted[]; platform: Platform } {
  const calls: Scripted[] = []
  const { [kind]: original } = fake.wx as object as Record<Kind, (options: PlatformOptions) => unknown>
  const send = (options: PlatformOptions): unknown => {
    if (options.url.endsWith('/login')) return original(options)
    const { call, task } = scriptedCall(fake, kind, options, calls.length)
    calls.push(call)
    play(call)
    return task
  }
  return { calls, platform: altered(fake, { [kind]: send }) }
}

function scriptedCall(fake: FakeWeChat, kind: Kind, options: PlatformOptions, nth: number) {
  const listeners: Record<'Head' | 'Chunk' | 'Progress', Heard[]> = { Head: [], Chunk: [], Progress: [] }
  let isOver = false
  const tell = (to: keyof typeof listeners, detail: unknown) => {
    if (!isOver) for (const listener of listeners[to]) listener(detail)
  }
  const end = (): boolean => {
    if (isOver) return false
    isOver = true
    return true
  }
  const call: Scripted = {
    nth,
    options,
    token: (options.header?.['Authorization'] ?? '').replace('Bearer ', ''),
    isAborted: false,
    at: (ms, deed) => void fake.clock.setTimeout(deed, ms),
    head: (statusCode, header = {}) =>
      tell('Head', { ...(statusCode !== undefined && { statusCode }), header, cookies: [] }),
    chunk: (text) => tell('Chunk', { data: bytesOf(text) }),
    progress: (percent) => tell('Progress', { progress: percent }),
    succeed(result = {}) {
      const whole = { data: '', statusCode: 200, header: {}, errMsg: `${kind}:ok`, ...result }
      if (end()) options.success?.(whole)
    },
    fail: (failure) => end() && options.fail?.(failure),
  }
  const on = (to: keyof typeof listeners) => (listener: Heard) => void listeners[to].push(listener)
  const off = (to: keyof typeof listeners) => (listener?: Heard) => {
    listeners[to] = listener ? listeners[to].filter((one) => one !== listener) : []
  }
  const task = {
    abort() {
      call.isAborted = true
      call.at(0, () => call.fail({ errMsg: `${kind}:fail abort` }))
    },
    onHeadersReceived: on('Head'),
    offHeadersReceived: off('Head'),
    onChunkReceived: on('Chunk'),
    offChunkReceived: off('Chunk'),
    onProgressUpdate: on('Progress'),
    offProgressUpdate: off('Progress'),
  }
  return { call, task }
}

/** ASCII only. */
export function bytesOf(text: string): ArrayBuffer {
  return Uint8Array.from(text, (character) => character.charCodeAt(0)).buffer
}

export function textOf(data: ArrayBuffer): string {
  return String.fromCharCode(...new Uint8Array(data))
}

/** A world whose `kind` is scripted. `accepted`: an answer has shown already that the server takes the token. */
export async function scriptedWorld(
  kind: Kind,
  play: (call: Scripted) => void,
  { stored = 'good', isLive = true, accepted = false, client = {} }: ScriptedSetting = {},
): Promise<World & { calls: Scripted[] }> {
  const { fake } = makeWorld({ ...(stored && { stored }), isLive })
  const { calls, platform } = scripted(fake, kind, (call) => {
    if (call.options.url.endsWith('/accepted')) call.at(1, () => call.succeed())
    else play(call)
  })
  const world = { fake, calls, ...clientOn(fake, { platform, ...client }) }
  if (!accepted) return world
  const asked = kind === 'request' ? world.api.get('/accepted') : world.api.get('/warm-up')
  await fake.clock.advance(100)
  await asked
  calls.length = 0
  return world
}

interface ScriptedSetting {
  stored?: string
  isLive?: boolean
  accepted?: boolean
  client?: Partial<ClientOptions>
}

/** A phone that can be put to sleep, and whose clock can be set. The server does not sleep with it. */
export function napping(fake: FakeWeChat) {
  interface Alarm {
    readonly run: () => void
    readonly due: number
    inner: unknown
  }
  const alarms = new Set<Alarm>()
  let ahead = 0
  const now = () => fake.clock.now() + ahead
  const arm = (alarm: Alarm) => {
    alarm.inner = fake.clock.setTimeout(
      () => {
        alarms.delete(alarm)
        alarm.run()
      },
      Math.max(0, alarm.due - now()),
    )
  }
  const clock = {
    now,
    setTimeout(run: () => void, ms: number): Alarm {
      const alarm: Alarm = { run, due: now() + Math.max(0, ms), inner: undefined }
      alarms.add(alarm)
      arm(alarm)
      return alarm
    },
    clearTimeout(alarm: unknown) {
      if (!alarms.delete(alarm as Alarm)) return
      fake.clock.clearTimeout((alarm as Alarm).inner)
    },
  }
  return {
    clock,
    /** The clock is set; alarms ring when they would have rung. */
    jump: (ms: number) => void (ahead += ms),
    /** Asleep for `ms`: nothing runs, and on waking all that was due meanwhile rings at once. */
    sleep: (ms: number) => {
      ahead += ms
      for (const alarm of alarms) {
        fake.clock.clearTimeout(alarm.inner)
        arm(alarm)
      }
    },
  }
}
