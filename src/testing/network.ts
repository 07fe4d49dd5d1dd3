import type { PlatformCallbacks } from '../platforms/wechat'
import { fail, promisedAnswer, succeed } from './callbacks'
import type { Calls, CallRecord } from './calls'
import { Exchange, type Surroundings } from './exchange'
import { failureOf } from './failures'
import { Lanes } from './lanes'
import { isSameTick, type Misbehaviours } from './misbehave'
import { FakeRequest, type NetworkApi } from './request'
import { checkedMethod, checkedUrl, gatewayHeader, sentData, sentHeader, Unsendable } from './serialize'
import { FakeTask } from './task'
import type { Thread } from './thread'
import type { AbortMode, Failure, FailureName, Handler } from './types'
import type { NetworkChange } from './wx'

/** The network of the phone. */
export interface FakeNetwork {
  /** Calls on the wire now, and waiting for a lane. */
  readonly running: number
  readonly waiting: number
  /** Running calls fail, new ones too, `wx.login` and `wx.checkSession` with them. */
  offline(): void
  online(type?: NetworkType): void
  readonly type: NetworkType
  /**
   * Wi-Fi gives way to cellular, or to what you say: iOS fails all that is running, with errno 600001 and the words
   * "network change, cancel all task" (staff answer in the WeChat community). What waits for a lane goes on.
   */
  change(type?: NetworkType): void
  /** The next `count` network calls that get a lane fail. Default 1, `'refused'`. */
  failNext(count?: number, failure?: FailureName | Failure): void
}

/** As wx.getNetworkType names them. */
export type NetworkType = 'wifi' | '2g' | '3g' | '4g' | '5g' | 'unknown' | 'none'

/** Files by path: what `uploadFile` sends, where `downloadFile` writes. */
export type FakeFiles = Map<string, string | ArrayBuffer>

export interface NetworkOptions {
  /** The lines of sockets break. */
  breakSockets: () => void
  thread: Thread
  calls: Calls
  misbehaviours: Misbehaviours
  handler: Handler
  files: FakeFiles
  concurrency: number
  latency: number | ((request: FakeRequest) => number)
  record: boolean
  /** Origins that may be called; undefined for all. */
  domains: readonly string[] | undefined
  lowercaseHeaders: boolean
  methods: readonly string[]
  /** Whether WeChat Gateway sits between. */
  gateway: boolean
  uploadHeaders: boolean
  abortMode: () => AbortMode
  /** Whether the app may not use the network: it is in the background. */
  isSuspended: () => boolean
}

type Options = PlatformCallbacks<object> & Record<string, unknown>

const nothing = () => undefined
/** WeChat's own time limit (network guide). */
const DEFAULT_TIMEOUT = 60_000

/** The three network calls, and the controls of the network under them. */
export function createNetwork(options: NetworkOptions) {
  const { thread, calls, misbehaviours, files, latency } = options
  const { outside } = thread
  const lanes = new Lanes(options.concurrency)
  const unfinished = new Set<Exchange>()
  const listeners = new Set<(event: NetworkChange) => void>()
  const ordered: { failure: FailureName | Failure; times: number }[] = []
  let type: NetworkType = 'wifi'
  let downloads = 0

  const around: Surroundings = {
    thread,
    handler: options.handler,
    answers: options.record ? new Map() : undefined,
    uploadHeaders: options.uploadHeaders,
    okMessage: (api) => (options.gateway && api === 'request' ? 'gateway.call:ok' : `${api}:ok`),
    get abortMode() {
      return options.abortMode()
    },
    latencyOf: typeof latency === 'number' ? () => latency : latency,
    headerName: options.lowercaseHeaders ? (name) => name.toLowerCase() : (name) => name,
    nextFailure() {
      if (type === 'none') return 'disconnected'
      const [order] = ordered
      if (order === undefined) return undefined
      if (--order.times <= 0) ordered.shift()
      return order.failure
    },
    keep(body, path) {
      const place = typeof path === 'string' ? path : `wxfile://tmp_${++downloads}`
      files.set(place, body)
      return place
    },
    finished(exchange) {
      unfinished.delete(exchange)
      if (exchange.lane >= 0) lanes.leave(exchange.lane)
    },
  }

  const later = (callback: () => void) => outside.setTimeout(() => thread.deliver(callback), 0)

  function call(api: NetworkApi, given: Options) {
    calls.requestCount++
    const behaviour = misbehaviours.take(api, { url: String(given['url']) })
    if (behaviour === 'throw') throw new Error(`${api} is not to be called now`)
    let request: FakeRequest
    try {
      request = requestOf(api, given)
    } catch (error) {
      if (!(error instanceof Unsendable)) throw error
      return refuse(api, given, error)
    }
    const record = recordOf(request)
    // In the background the network APIs cannot be called until the app is back (network guide).
    if (options.isSuspended()) return refuse(api, given, 'suspended', record)
    const promised = behaviour === 'promise-task' ? promisedAnswer(given) : undefined
    const exchange = new Exchange(around, request, promised?.callbacks ?? given, behaviour, record)
    if (isSameTick(behaviour)) {
      exchange.rush()
    } else {
      unfinished.add(exchange)
      if (!lanes.enter(exchange) && record) record.queued = true
      calls.maxParallel = Math.max(calls.maxParallel, lanes.busy)
    }
    return behaviour === 'undefined-task' ? undefined : (promised?.answer ?? exchange.task)
  }

  /** Fails a call that never becomes a request. */
  function refuse(api: NetworkApi, given: Options, failure: FailureName | Failure, record?: CallRecord) {
    const told = failureOf(api, failure)
    if (record) Object.assign(record, { endedAt: outside.now(), outcome: 'fail', errMsg: told.errMsg })
    later(() => fail(given, told))
    return new FakeTask(nothing, nothing)
  }

  function requestOf(api: NetworkApi, given: Options): FakeRequest {
    const method =
      api === 'request'
        ? checkedMethod(given['method'], options.methods)
        : api === 'uploadFile'
          ? 'POST'
          : 'GET'
    const plain = sentHeader(given['header'], api === 'request' ? 'application/json' : undefined)
    const header = options.gateway && api === 'request' ? gatewayHeader(plain) : plain
    const sent = sentData(
      method,
      checkedUrl(given['url'], options.domains),
      header,
      api === 'request' ? given['data'] : undefined,
    )
    const upload =
      api === 'uploadFile'
        ? {
            filePath: String(given['filePath']),
            name: String(given['name']),
            formData: (given['formData'] ?? {}) as Record<string, unknown>,
            content: files.get(String(given['filePath'])),
          }
        : undefined
    const timeout = Number(given['timeout']) > 0 ? Number(given['timeout']) : DEFAULT_TIMEOUT
    return new FakeRequest(
      calls.requestCount,
      api,
      method,
      sent.url,
      { header, data: sent.data, upload, timeout },
      given,
    )
  }

  function recordOf({ id, api, method, url, header, data }: FakeRequest): CallRecord | undefined {
    if (!options.record) return undefined
    const record: CallRecord = { id, api, method, url, header, data, calledAt: outside.now(), queued: false }
    calls.requests.push(record)
    return record
  }

  function strike(failure: FailureName | Failure, whom: (exchange: Exchange) => boolean): void {
    for (const exchange of [...unfinished].filter(whom)) exchange.strike(failure)
  }

  function switchTo(next: NetworkType): void {
    if (next === type) return
    type = next
    const event = { isConnected: next !== 'none', networkType: next }
    for (const listener of listeners) later(() => listener(event))
  }

  const isRunning = (exchange: Exchange) => exchange.lane >= 0

  const network: FakeNetwork = {
    get running() {
      return lanes.busy
    },
    get waiting() {
      return unfinished.size - lanes.busy
    },
    get type() {
      return type
    },
    offline() {
      switchTo('none')
      options.breakSockets()
      strike('disconnected', isRunning)
    },
    online: (next = 'wifi') => switchTo(next),
    change(next = type === '4g' ? 'wifi' : '4g') {
      switchTo(next)
      strike('network-change', isRunning)
      options.breakSockets()
    },
    failNext: (count = 1, failure = 'refused') => void ordered.push({ times: count, failure }),
  }

  return {
    network,
    /** Fails everything that has no answer yet. */
    interrupt: () => {
      // Those in the queue first, or they would start in the lanes of the others.
      strike('interrupted', (exchange) => !isRunning(exchange))
      strike('interrupted', isRunning)
    },
    request: (given: Options) => call('request', given),
    uploadFile: (given: Options) => call('uploadFile', given),
    downloadFile: (given: Options) => call('downloadFile', given),
    getNetworkType(given: PlatformCallbacks<object> = {}) {
      const result = {
        networkType: type,
        hasSystemProxy: false,
        signalStrength: 4,
        weakNet: false,
        errMsg: 'getNetworkType:ok',
      }
      later(() => succeed(given, result))
    },
    onNetworkStatusChange: (listener: (event: NetworkChange) => void) => void listeners.add(listener),
    offNetworkStatusChange(listener?: (event: NetworkChange) => void) {
      if (listener) listeners.delete(listener)
      else listeners.clear()
    },
  }
}
