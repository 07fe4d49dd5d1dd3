import type { HeadersReceived, Platform, RequestError, Response } from '../../src'
import { createFakeClock } from '../../src/testing'
import type { PlatformFailure, PlatformResponse } from '../../src/platforms/wechat'
import { createTimers } from '../../src/timers'
import { TaskListeners, type TaskEvent } from '../../src/transport/task-events'
import { Attempt } from '../../src/transport/wire'
import type { Kind, WireOptions } from '../../src/transport/wire-options'

export interface Call {
  success: (result: PlatformResponse) => void
  fail: (failure: PlatformFailure) => void
  options: WireOptions
}

interface Setting {
  kind?: Kind
  isTransfer?: boolean
  timeout?: number
  secret?: string
  dataType?: string
  /** Whether an answer with this head, whose status may not be known yet, may be heard before it is whole. */
  mayOpen?: (head: HeadersReceived) => boolean
  /** It is a stream of an entry's, and this is how long it may be silent. */
  idleTimeout?: number
  /** It is the answer that counts. */
  counts?: boolean
  /** What the call of `wx` does and gives; by default a task. */
  call?: (call: Call) => unknown
  listensTo?: readonly TaskEvent[]
}

/** One attempt on a platform that does as it is told, and everything its sender hears. */
export function attempt(setting: Setting = {}) {
  const { kind = 'request', isTransfer = false, timeout = 5000, secret, mayOpen = () => true } = setting
  const clock = createFakeClock()
  const heard: unknown[] = []
  const answers: { error?: RequestError; response?: Response | undefined }[] = []
  const released: unknown[] = []
  const listeners = new TaskListeners()
  for (const event of setting.listensTo ?? [])
    listeners.on(event, (detail: unknown) => void heard.push([event, detail]))
  const hooks: Partial<Record<TaskEvent, (detail: unknown) => void>> = {}
  const task = {
    aborts: 0,
    abort: () => {
      task.aborts++
    },
    onProgressUpdate: (hook: (detail: unknown) => void) => void (hooks.ProgressUpdate = hook),
    onHeadersReceived: (hook: (detail: unknown) => void) => void (hooks.HeadersReceived = hook),
    onChunkReceived: (hook: (detail: unknown) => void) => void (hooks.ChunkReceived = hook),
  }
  const options = {
    url: 'https://api.test/x',
    method: 'GET',
    header: {},
    data: undefined,
    timeout,
    success: undefined,
    fail: undefined,
    complete: undefined,
    ...(setting.dataType !== undefined && { dataType: setting.dataType }),
  } satisfies WireOptions as WireOptions
  const state = { pieces: 0 }
  let call: Call | undefined
  const send = (given: object): unknown => {
    call = { ...(given as Pick<Call, 'success' | 'fail'>), options: given as WireOptions }
    return setting.call ? setting.call(call) : task
  }
  const platform = { request: send, uploadFile: send, downloadFile: send, login: send } as Platform
  const made: Attempt = new Attempt(
    createTimers(() => clock),
    kind,
    options,
    {
      root: { listeners: setting.listensTo ? listeners : undefined, attempts: 0 },
      heard: () => {
        state.pieces++
      },
      answered: (error, response) => {
        answers.push(error === undefined ? { response } : { error: error as RequestError })
        if (setting.counts && response) made.deliver(response)
      },
      released: (lane) => void released.push(lane),
      mayOpen,
    },
    secret,
    isTransfer ? { longest: 600_000, idleTimeout: setting.idleTimeout } : undefined,
  )
  return {
    clock,
    heard,
    answers,
    released,
    hooks,
    task,
    listeners,
    made,
    state,
    send: (): Call => {
      made.send(platform, 'share')
      return call as Call
    },
  }
}

export const ok: PlatformResponse = {
  statusCode: 200,
  data: 'fine',
  header: { A: 'b' },
  errMsg: 'request:ok',
}
