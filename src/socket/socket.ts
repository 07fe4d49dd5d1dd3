import { ask, atOnce, callSafely, promised } from '../app-code'
import type { Task } from '../call/task'
import { authorize, type Accepted } from '../entry/authorize'
import { inside } from '../entry/door'
import { ConfigError, LoginError, NetworkError, RequestError, stamp, UnauthorizedError } from '../errors'
import type { Client } from '../index'
import type { PlatformFailure } from '../platforms/wechat'
import type { Timer } from '../timers'
import { kindOf } from '../transport/failures'
import { mask, maskWords } from '../transport/mask'
import { isBuffer } from '../transport/snapshot'
import { withoutQuery } from '../transport/urls'
import { addressOf } from './address'
import { createHeartbeat } from './heartbeat'
import { createLine, type Line, type Lost } from './line'
import { checkClose, settingsOf, type SocketOptions } from './options'
import { mayBeRefusal, statusIn } from './refusals'
import { takeSlot } from './slots'
import type { CloseEvent, Socket, SocketEvents, SocketState } from './types'

type Listeners = { [T in keyof SocketEvents]: readonly ((event: SocketEvents[T]) => void)[] }

const ABNORMAL = 1006

export function connectSocket(client: Client, options: SocketOptions): Socket {
  const settings = settingsOf(options)
  const { url, auth, isUnauthorized, shouldReconnect, verify, maxEnqueuedMessages, closeOnHide } = settings
  const { connectionTimeout, minReconnectionDelay, maxReconnectionDelay, maxRetries } = settings
  const door = inside(client)
  const { core, config, ends } = door
  const { timers } = core
  const phone = core.phone()
  const platform = config.platform()
  if (!platform.connectSocket) throw new ConfigError('openSocket(): this platform has no connectSocket().')
  if (typeof url === 'string') addressOf(url, config, auth)

  const listeners: Listeners = { open: [], message: [], close: [], error: [], state: [] }
  const queue: (string | ArrayBuffer)[] = []
  const { epoch } = core.session
  const label = { method: 'CONNECT', url: typeof url === 'string' ? withoutQuery(url) : '' }
  let state: SocketState = 'connecting'
  /** Whatever began in an earlier one is over. */
  let round = 0
  let line: Line | undefined
  let task: Task<unknown> | undefined
  let pause: Timer | undefined
  let uptime: Timer | undefined
  /** A line that was let go is on the phone still, and is waited for. */
  let isHeld = false
  let tries = 0
  /** Those that failed since a connection has lived for `minUptime`. */
  let retries = 0
  let wasOpened = false
  let token: string | undefined
  let accept: Accepted | undefined
  /** The token that a close has told to have ended. */
  let refused: string | undefined
  /** A login was asked for because of it, and nothing has been accepted since. */
  let isRenewed = false
  /** Refusals since a connection has lived for `minUptime`: only the first is answered at once. */
  let refusals = 0

  const { heartbeat } = settings
  const heart =
    heartbeat &&
    createHeartbeat(
      timers,
      heartbeat,
      () => {
        const { message } = heartbeat
        let text: unknown
        callSafely(() => (text = typeof message === 'function' ? message() : message), undefined)
        if (typeof text === 'string' && line) line.send(text)
      },
      () => {
        if (line) line.letGo(1000, 'heartbeat')
        lost({ code: ABNORMAL, reason: 'heartbeat', words: '' })
      },
    )

  function tell<T extends keyof SocketEvents>(type: T, event: SocketEvents[T]): void {
    for (const listener of listeners[type]) callSafely(listener, event)
  }

  function become(next: SocketState): void {
    if (state === next) return
    state = next
    tell('state', next)
  }

  /** All that is under way is given up, without a word. */
  function drop(code = 1000, reason = ''): number {
    round++
    if (heart) heart.stop()
    timers.cancel(pause)
    timers.cancel(uptime)
    if (task) task.abort()
    if (line) line.letGo(code, reason)
    task = line = undefined
    return round
  }

  /** Gives up a try or a connection, which is to be told. */
  function giveUp(reason: string, next: SocketState): void {
    const wasTrying = state === 'connecting' || state === 'open'
    const wasOpen = state === 'open'
    const mine = drop(1000, reason)
    become(next)
    if (wasTrying) tell('close', { code: 1000, reason, wasOpen, willReconnect: true })
    if (next === 'connecting' && mine === round) connect()
  }

  function connect(): void {
    const mine = drop()
    become('connecting')
    if (mine !== round || isHeld) return
    tries++
    // A `url()` that never answers must not be the end.
    pause = timers.deadline(connectionTimeout, () =>
      failed(new RequestError('TIMEOUT', `waited for its url() longer than ${connectionTimeout} ms.`)),
    )
    ask(
      () => (typeof url === 'function' ? url() : url),
      (given) => mine === round && admit(given),
      (error) => mine === round && failed(error),
    )
  }

  /** With the address it waits for a token, and dials the moment it is given one (law 3). */
  function admit(given: string): void {
    timers.cancel(pause)
    const mine = round
    try {
      const address = addressOf(given, config, auth)
      label.url = withoutQuery(address)
      if (!auth) return dial(address, undefined, undefined)
      const ended = new RequestError('UNAUTHORIZED', 'was closed as unauthorised.')
      task = authorize(
        door,
        (current, accepted) => {
          if (current === refused) {
            isRenewed = true
            // The core judges it as it does any other: by whether it is still the current one (laws 1, 2, 4, 12).
            throw ended
          }
          if (mine === round) dial(address, current, accepted)
        },
        { label, isUnauthorized: ({ error }) => error === ended },
      )
      task.then(undefined, (error: unknown) => {
        if (mine === round) failed(error)
      })
    } catch (error) {
      failed(error)
    }
  }

  function dial(address: string, given: string | undefined, accepted: Accepted | undefined): void {
    const { header, protocols } = settings
    const outgoing = {
      url: address,
      method: 'GET',
      header: Object.assign({}, header),
      data: undefined as unknown,
    }
    if (given !== undefined) {
      config.attach(outgoing, given)
      // It is the app's own, and may have led it elsewhere.
      addressOf(outgoing.url, config, true)
      if (outgoing.data !== undefined)
        throw new ConfigError('cannot carry its token in a body: a handshake has none.')
    }
    token = given
    accept = accepted
    const release = takeSlot(phone)
    isHeld = true
    const mine = round
    line = createLine(
      platform,
      timers,
      Object.assign(
        { url: outgoing.url, header: outgoing.header, timeout: connectionTimeout },
        protocols && { protocols },
      ),
      {
        opened,
        message,
        lost,
        unsent,
        gone() {
          release()
          isHeld = false
          if (mine !== round && state === 'connecting') connect()
        },
      },
    )
    line.dial()
  }

  function opened(header: Record<string, unknown>): void {
    const mine = round
    const isReconnect = wasOpened
    wasOpened = true
    state = 'open'
    uptime = timers.deadline(settings.minUptime, () => {
      retries = refusals = 0
      prove()
    })
    if (heart) heart.start()
    while (queue.length && line && mine === round) {
      line.send(queue[0] as string)
      queue.shift()
    }
    if (mine === round) tell('state', 'open')
    if (mine === round) tell('open', { header, isReconnect })
  }

  /** The server knows the token. */
  function prove(): void {
    refused = undefined
    isRenewed = false
    if (accept) accept()
    accept = undefined
  }

  function message({ data }: { data: string | ArrayBuffer }): void {
    if (accept || isRenewed) prove()
    if (heart) heart.heard()
    tell('message', { data })
  }

  function unsent({ errMsg = 'send:fail', errno }: PlatformFailure): void {
    report(new NetworkError('NETWORK', maskWords(errMsg, token), errno))
  }

  function report(error: RequestError): void {
    stamp(error, Object.assign({}, label), tries)
    tell('error', error)
  }

  function lost({ code, reason, words, errno }: Lost): void {
    const wasOpen = state === 'open'
    line = undefined
    const mine = drop()
    const status = wasOpen ? undefined : statusIn(words)
    const event: CloseEvent = Object.assign(
      {
        code,
        reason: wasOpen ? mask(reason, token) : maskWords(reason, token),
        wasOpen,
        willReconnect: true,
      },
      status && { status },
    )
    let isRefused: boolean
    let comesBack: boolean
    try {
      isRefused = auth && atOnce(isUnauthorized(event), 'isUnauthorized')
      comesBack = isRefused || atOnce(shouldReconnect(event), 'shouldReconnect')
    } catch (error) {
      return end(event, toldAs(error))
    }
    if (mine !== round) return
    if (isRefused && isRenewed)
      return end(event, new UnauthorizedError({ data: event.reason, statusCode: status || 401, header: {} }))
    if (!comesBack) return end(event)
    if (!wasOpen && kindOf(errno, words) === 'refused by the phone') return end(event, problem(event))
    if (isRefused) refused = token
    if (isRefused && refusals++ === 0) {
      become('connecting')
      if (mine === round) tell('close', event)
      if (mine === round) connect()
    } else retry(event, undefined, !wasOpen && !isRefused && !status && mayBeRefusal(words))
  }

  /** A try that came to no connection. */
  function failed(reason: unknown): void {
    const error = toldAs(reason)
    const event = { code: ABNORMAL, reason: '', wasOpen: false, willReconnect: true }
    drop()
    if (isFinal(error)) end(event, error)
    else retry(event, error, false)
  }

  function problem({ code, reason }: CloseEvent): NetworkError {
    return new NetworkError('NETWORK', `${reason || 'connectSocket:fail'}, close code ${code}`)
  }

  function retry(event: CloseEvent, error: RequestError | undefined, isUnknown: boolean): void {
    if (retries >= maxRetries) return end(event, error || problem(event))
    const mine = round
    become('waiting')
    if (mine === round) tell('close', event)
    if (mine === round && error) report(error)
    if (mine !== round) return
    const full = Math.min(maxReconnectionDelay, minReconnectionDelay * 2 ** retries++)
    const wait = (): void => {
      if (mine !== round) return
      timers.cancel(pause)
      pause = timers.wait((full * (1 + Math.random())) / 2, connect)
    }
    if (!verify || !isUnknown) return wait()
    // One that never answers must not be the end.
    pause = timers.wait(maxReconnectionDelay, wait)
    promised(verify).then(wait, wait)
  }

  function end(event: CloseEvent, error?: RequestError): void {
    if (state === 'closed') return
    const { code } = event
    drop(code === ABNORMAL ? 1000 : code, event.reason)
    queue.length = 0
    ends.delete(onLogout)
    phone.moves.delete(onMove)
    become('closed')
    tell('close', Object.assign({}, event, { willReconnect: false }))
    if (error) report(error)
  }

  /** A client that wraps another may end what was opened on it in other ways. */
  function onLogout(): void {
    const wasOpen = state === 'open'
    const event = { code: 1000, reason: '', wasOpen, willReconnect: false }
    if (epoch === core.session.epoch) end(event)
    else
      end(
        event,
        new LoginError(
          'LOGGED_OUT',
          'logout() was called, which ends sockets: open another after the next login.',
        ),
      )
  }

  function onMove(isHidden: boolean): void {
    if (isHidden) {
      if (closeOnHide && state !== 'hidden') giveUp('hidden', 'hidden')
    } else if (state === 'hidden' || state === 'waiting') {
      retries = 0
      connect()
    }
  }

  function begin(): void {
    if (round === 0) connect()
  }

  ends.add(onLogout)
  phone.moves.add(onMove)
  if (closeOnHide && phone.isHidden) state = 'hidden'
  // Whoever opens it has to be able to listen first.
  else Promise.resolve().then(begin, begin)

  return {
    get state() {
      return state
    },

    send(data) {
      if (typeof data !== 'string' && !isBuffer(data))
        throw new ConfigError('send() takes a string or an ArrayBuffer: send(JSON.stringify(message)).')
      if (state === 'closed') return false
      // Not ahead of those that are just being sent.
      if (state === 'open' && line && !queue.length) line.send(data)
      else if (queue.length >= maxEnqueuedMessages) return false
      else queue.push(typeof data === 'string' ? data : data.slice(0))
      return true
    },

    close(code = 1000, reason = '') {
      checkClose(code, reason)
      end({ code, reason, wasOpen: state === 'open', willReconnect: false })
    },

    reconnect() {
      if (state === 'closed' || state === 'hidden') return
      retries = 0
      giveUp('reconnect', 'connecting')
    },

    on<T extends keyof SocketEvents>(type: T, listener: (event: SocketEvents[T]) => void) {
      if (!Object.prototype.hasOwnProperty.call(listeners, type) || typeof listener !== 'function')
        throw new ConfigError(`on() takes one of ${Object.keys(listeners).join(', ')}, and a function.`)
      // Each has a wrapper of its own: one that was given twice is taken off once.
      const each = (event: SocketEvents[T]): void => listener(event)
      const all = listeners as Record<T, readonly ((event: SocketEvents[T]) => void)[]>
      all[type] = all[type].concat(each)
      return () => {
        all[type] = all[type].filter((other) => other !== each)
      }
    },
  }
}

function toldAs(error: unknown): RequestError {
  if (error instanceof RequestError) return error
  const words = String((Object(error) as { message?: unknown }).message || error)
  return new RequestError('NETWORK', `could not be connected: ${words}`, error)
}

/** That no other try can mend (K16). */
function isFinal({ code }: RequestError): boolean {
  return /^(UNAUTHORIZED|CONFIG|LOGGED_OUT|SINGLE_PAGE_MODE|LOGIN_(REJECTED|BLOCKED|REQUIRED|BAD_RESPONSE))$/.test(
    code,
  )
}
