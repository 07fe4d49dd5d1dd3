import { ask, atOnce, promised } from '../app-code'
import { inside } from '../entry/door'
import { stamp } from '../call/stamp'
import { ConfigError, LoginError, NetworkError, RequestError, UnauthorizedError } from '../errors'
import type { Client } from '../index'
import type { PlatformFailure } from '../platforms/wechat'
import type { Timer } from '../timers'
import { kindOf } from '../transport/failures'
import { mask, maskWords } from '../transport/mask'
import { isBuffer } from '../transport/snapshot'
import { withoutQuery } from '../transport/urls'
import { addressOf } from './address'
import { createHandshakes } from './handshake'
import { createHeartbeat } from './heartbeat'
import type { Lost } from './line'
import { createListeners } from './listeners'
import { checkClose, settingsOf, type SocketOptions } from './options'
import { mayBeRefusal, statusIn } from './refusals'
import type { CloseEvent, Socket, SocketState } from './types'

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

  const { tell, on } = createListeners()
  const queue: (string | ArrayBuffer)[] = []
  const { epoch } = core.session
  const label = { method: 'CONNECT', url: typeof url === 'string' ? withoutQuery(url) : '' }
  let state: SocketState = 'connecting'
  /** Whatever began in an earlier one is over. */
  let round = 0
  let pause: Timer | undefined
  let uptime: Timer | undefined
  let tries = 0
  /** Those that failed since a connection has lived for `minUptime`. */
  let retries = 0
  let wasOpened = false
  /** Refusals since a connection has lived for `minUptime`: only the first is answered at once. */
  let refusals = 0

  const handshakes = createHandshakes(door, settings, label, {
    opened,
    message,
    lost,
    unsent,
    failed,
    free() {
      if (state === 'connecting') connect()
    },
  })
  const heart =
    settings.heartbeat &&
    createHeartbeat(timers, settings.heartbeat, handshakes.send, () => {
      handshakes.drop(1000, 'heartbeat')
      lost({ code: ABNORMAL, reason: 'heartbeat', words: '' })
    })

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
    handshakes.drop(code, reason)
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
    if (mine !== round || handshakes.isHeld) return
    tries++
    // A `url()` that never answers must not be the end.
    pause = timers.deadline(connectionTimeout, () =>
      failed(new RequestError('TIMEOUT', `waited for its url() longer than ${connectionTimeout} ms.`)),
    )
    ask(
      () => (typeof url === 'function' ? url() : url),
      (given) => {
        if (mine !== round) return
        timers.cancel(pause)
        handshakes.begin(given)
      },
      (error) => mine === round && failed(error),
    )
  }

  function opened(header: Record<string, unknown>): void {
    const mine = round
    const isReconnect = wasOpened
    wasOpened = true
    state = 'open'
    uptime = timers.deadline(settings.minUptime, () => {
      retries = refusals = 0
      handshakes.prove()
    })
    if (heart) heart.start()
    while (queue.length && mine === round) {
      handshakes.send(queue[0] as string)
      queue.shift()
    }
    if (mine === round) tell('state', 'open')
    if (mine === round) tell('open', { header, isReconnect })
  }

  function message({ data }: { data: string | ArrayBuffer }): void {
    handshakes.prove()
    if (heart) heart.heard()
    tell('message', { data })
  }

  function unsent({ errMsg = 'send:fail', errno }: PlatformFailure): void {
    report(new NetworkError('NETWORK', maskWords(errMsg, handshakes.token), errno))
  }

  function report(error: RequestError): void {
    stamp(error, Object.assign({}, label), tries)
    tell('error', error)
  }

  function lost({ code, reason, words, errno }: Lost): void {
    const wasOpen = state === 'open'
    const { token } = handshakes
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
    if (isRefused && !handshakes.refuse())
      return end(event, new UnauthorizedError({ data: event.reason, statusCode: status || 401, header: {} }))
    if (!comesBack) return end(event)
    if (!wasOpen && kindOf(errno, words) === 'refused by the phone') return end(event, problem(event))
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
      if (state === 'open' && !queue.length) handshakes.send(data)
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

    on,
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
