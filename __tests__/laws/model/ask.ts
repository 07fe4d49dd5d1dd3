import { RequestError, type Client } from '../../../src'
import { FEATURES } from '../features'
import type { CallModel } from './call'
import type { Copy } from './copy'
import { judgeEnd, judgeSession } from './judge-end'
import { decode } from './stream'
import { TOTAL_TIMEOUT, type CallKind } from './words'

interface Sent {
  readonly task: Promise<unknown>
  readonly abort: () => void
}

/** Sends one request of this kind. */
export function sender(copy: Copy, api: Client, call: CallModel, kind: CallKind): Sent {
  if (kind === 'authorize') {
    const task = api.authorize((token) => copy.wire.run(call, token))
    return { task, abort: () => task.abort() }
  }
  const given = new Given(call, kind)
  const { signal, options } = given
  const task =
    kind === 'upload' ? api.uploadFile({ ...options, filePath: 'f', name: 'file' }) : api.request(options)
  given.change()
  if (kind === 'stream')
    task.onChunkReceived(({ data }) => {
      const wrong = call.stream.hear(data)
      copy.world.say(`  ${copy.name}${call.name} hears ${decode(data)}`)
      if (wrong !== undefined) copy.world.violate(16, `${call.name} ${wrong}`)
    })
  return { task, abort: signal ? () => signal.fire() : () => task.abort() }
}

/** Notes how a promise ends, and has it judged. */
export function follow(copy: Copy, call: CallModel, promise: Promise<unknown>): void {
  const { world } = copy
  const settle = (code: string, error?: unknown) => {
    if (call.code !== undefined) world.violate(9, `${call.name} settled twice`)
    call.code = code
    call.error = error
    call.endedAt = world.phone.awake
    copy.wire.abandon(call)
    world.say(`  ${copy.name}${call.name} ends: ${code}`)
    judgeEnd(copy, call)
  }
  promise.then(
    (value) => {
      settle('ok')
      judgeSession(copy, call, value)
    },
    (error: unknown) => settle(error instanceof RequestError ? error.code : `?${String(error)}`, error),
  )
}

/** What the app gives at the call, and changes as soon as it has called. */
class Given {
  readonly signal: Signal | undefined
  readonly options: { url: string; [option: string]: unknown }
  private readonly data: { name: string }
  private readonly header: Record<string, string>

  constructor(call: CallModel, kind: CallKind) {
    const { name } = call
    this.signal = FEATURES.signal && Number(name.slice(1)) % 2 === 0 ? new Signal() : undefined
    this.data = { name }
    this.header = { 'x-name': name }
    const auth = kind === 'verified' || kind === 'optional' ? kind : kind !== 'open'
    this.options = {
      url: urlOf(kind, name),
      method: kind === 'post' ? 'POST' : 'GET',
      auth,
      complete: () => {
        call.callbacks++
      },
      ...(kind === 'limited' && { totalTimeout: TOTAL_TIMEOUT }),
      ...(kind === 'plain401' && { isUnauthorized: false }),
      ...(kind === 'stream' && { enableChunked: true }),
      ...(this.signal && { signal: this.signal }),
      ...(FEATURES.mutation && {
        header: this.header,
        [kind === 'post' ? 'data' : 'query']: this.data,
      }),
    }
    if (kind === 'upload') delete this.options['method']
  }

  change(): void {
    this.data.name = 'changed'
    this.header['x-name'] = 'changed'
  }
}

function urlOf(kind: CallKind, name: string): string {
  if (kind === 'foreign') return `https://else.test/${name}`
  if (kind === 'forbidden') return FEATURES.oneAddress ? `/forbidden?call=${name}` : `/forbidden/${name}`
  return kind === 'plain401' ? `/wrong/${name}` : `/${name}`
}

/** As much of an `AbortSignal` as every polyfill has. */
class Signal {
  aborted = false
  private readonly listeners: (() => void)[] = []

  addEventListener(_type: 'abort', listener: () => void): void {
    this.listeners.push(listener)
  }

  fire(): void {
    if (this.aborted) return
    this.aborted = true
    for (const listener of this.listeners) listener()
  }
}
