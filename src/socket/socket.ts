import { atOnce, promised } from '../app-code'
import { stamp } from '../call/stamp'
import { inside } from '../entry/door'
import { ConfigError, LoginError, NetworkError, UnauthorizedError, type RequestError } from '../errors'
import type { Client } from '../index'
import type { PlatformSocket } from '../platforms/wechat'
import type { Timer } from '../timers'
import { kindOf } from '../transport/failures'
import { maskWords } from '../transport/mask'
import { withoutQuery } from '../transport/urls'
import { addressOf } from './address'
import { createHandshakes } from './handshake'
import { ABNORMAL, createLine, type Line, type Lost } from './line'
import { createListeners } from './listeners'
import { checkClose, sendable, settingsOf, type SocketOptions } from './options'
import { closeOf, isFinal, mayBeRefusal, toldAs } from './failures'
import type { CloseEvent, Socket, SocketState } from './types'

/**
 * Connects, and again whenever the connection is lost, until `close()`, `logout()` or an error that no other try can mend. Each
 * handshake carries the token of the moment; one that is refused as unauthorised leads to the one login that requests share.
 * Throws a `ConfigError` for options that cannot work.
 *
 * ```ts
 * const socket = openSocket(api, { url: '/ws', heartbeat: {} })
 * socket.on('message', ({ data }) => this.show(JSON.parse(data)))
 * socket.send(JSON.stringify({ type: 'hello' }))
 * // onUnload
 * socket.close()
 * ```
 */
export function openSocket(client: Client, options: SocketOptions): Socket {
  const settings = settingsOf(options)
  const { url, auth, maxReconnectionDelay, closeOnHide } = settings
  const door = inside(client)
  const { core, config, ends } = door
  const { timers, session } = core
  const phone = core.phone()
  if (!config.platform().connectSocket)
    throw new ConfigError('openSocket(): this platform has no connectSocket().')
  const label = { method: 'CONNECT', url: '' }
  if (typeof url === 'string') label.url = withoutQuery(addressOf(url, config, auth))

  const { note, tell, on } = createListeners()
  const handshakes = createHandshakes(door, settings, label)
  const { epoch } = session
  const queue: (string | ArrayBuffer)[] = []
  let state: SocketState = 'connecting'
  /** Grows whenever what is under way is given up: whatever began in an earlier one is not heard. */
  let round = 0
  let line: Line | undefined
  /** The one before is on the phone still, and is waited for. */
  let isHeld = false
  /** While open: for `minUptime`. While waiting: for the next try. */
  let timer: Timer | undefined
  let tries = 0
  let opens = 0
  /** Tries that failed, and handshakes that were refused, since a connection has lived for `minUptime`. */
  let retries = 0
  let refusals = 0

  /** Gives up what is under way, and tells it. False if a listener has begun something else meanwhile. */
  function become(next: SocketState, event?: CloseEvent, error?: RequestError): boolean {
    const mine = ++round
    const old = line
    const { code = ABNORMAL, reason = '' } = Object(event) as Partial<CloseEvent>
    if (next !== state) note('state', (state = next))
    if (event) note('close', event)
    if (error) report(error)
    line = undefined
    timers.cancel(timer)
    // The app may hear of it as an event of the client, and begin something else.
    handshakes.stop()
    if (old) old.letGo(code === ABNORMAL ? 1000 : code, reason)
    tell()
    return mine === round
  }

  function report(error: RequestError): void {
    stamp(error, Object.assign({}, label), tries)
    note('error', error)
  }

  function eventOf(code: number, reason: string) {
    return { code, reason, wasOpen: state === 'open', willReconnect: true }
  }

  /** What a close from this side tells: nothing where there is neither a try nor a connection. */
  function given(reason: string): CloseEvent | undefined {
    return state === 'waiting' ? undefined : eventOf(1000, reason)
  }

  /** What is heard of this round alone. */
  function ours<A>(hear: (argument: A) => void): (argument: A) => void {
    const mine = round
    return (argument) => {
      if (mine === round) hear(argument)
    }
  }

  function connect(event?: CloseEvent): void {
    if (!become('connecting', event) || isHeld) return
    tries++
    handshakes.begin(ours(dial), ours(failed))
  }

  function dial(handshake: PlatformSocket): void {
    line = createLine(phone, config.platform(), timers, handshake, settings.heartbeat, {
      opened,
      lost,
      message({ data }) {
        handshakes.prove()
        note('message', { data })
        tell()
      },
      unsent({ errMsg = 'send:fail', errno }) {
        report(new NetworkError('NETWORK', maskWords(errMsg, handshakes.token), errno))
        tell()
      },
      gone() {
        isHeld = false
        if (state === 'connecting' && !line) connect()
      },
    })
    isHeld = true
    line.dial()
  }

  function opened(header: Record<string, unknown>): void {
    const sending = line as Line
    // What an `open` listener sends goes behind it.
    while (queue.length && line === sending) sending.send(queue.shift() as string)
    if (line !== sending) return
    state = 'open'
    timer = timers.deadline(settings.minUptime, () => {
      retries = refusals = 0
      handshakes.prove()
    })
    note('state', state)
    note('open', { header, isReconnect: opens++ > 0 })
    tell()
  }

  function lost(how: Lost): void {
    const mine = round
    const event = closeOf(how, state === 'open', handshakes.token)
    const { code, reason, wasOpen, status } = event
    let isRefused: boolean
    let comesBack: boolean
    try {
      isRefused = auth && atOnce(settings.isUnauthorized(event), 'isUnauthorized')
      comesBack = isRefused || atOnce(settings.shouldReconnect(event), 'shouldReconnect')
    } catch (error) {
      return end(event, toldAs(error))
    }
    if (mine !== round) return
    const problem = new NetworkError('NETWORK', `${reason || 'connectSocket:fail'}, close code ${code}`)
    if (isRefused) {
      const refusal = new UnauthorizedError({ data: reason, statusCode: 401, header: {} })
      if (!handshakes.refuse(refusal)) end(event, refusal)
      else if (refusals++) retry(event, problem)
      else connect(event)
    } else if (!comesBack) end(event)
    else if (!wasOpen && kindOf(how, how.words) === 'refused by the phone') end(event, problem)
    else retry(event, problem, undefined, !wasOpen && !status && mayBeRefusal(how.words))
  }

  /** A try that came to no connection. */
  function failed(reason: unknown): void {
    const error = toldAs(reason)
    const event = eventOf(ABNORMAL, '')
    if (isFinal(error)) end(event, error)
    else retry(event, error, error)
  }

  /** `last`: what ends it, where this was the last try. */
  function retry(event: CloseEvent, last: RequestError, error?: RequestError, isUnknown?: boolean): void {
    if (retries >= settings.maxRetries) return end(event, last)
    const full = Math.min(maxReconnectionDelay, settings.minReconnectionDelay * 2 ** retries++)
    if (!become('waiting', event, error)) return
    const wait = ours(() => {
      timers.cancel(timer)
      timer = timers.wait((full * (1 + Math.random())) / 2, connect)
    })
    const { verify } = settings
    if (!verify || !isUnknown) return wait(undefined)
    // One that never answers must not be the end.
    timer = timers.wait(maxReconnectionDelay, () => wait(undefined))
    promised(verify).then(wait, wait)
  }

  function end(event: CloseEvent, error?: RequestError): void {
    if (state === 'closed') return
    queue.length = 0
    ends.delete(onLogout)
    phone.moves.delete(onMove)
    become('closed', Object.assign({}, event, { willReconnect: false }), error)
  }

  /** A client that wraps another may end what was opened on it in other ways. */
  function onLogout(): void {
    const words = 'logout() was called, which ends sockets: open another after the next login.'
    end(eventOf(1000, ''), epoch === session.epoch ? undefined : new LoginError('LOGGED_OUT', words))
  }

  function onMove(isHidden: boolean): void {
    if (isHidden) {
      if (closeOnHide && state !== 'hidden') become('hidden', given('hidden'))
    } else if (state === 'hidden' || state === 'waiting') {
      retries = 0
      connect()
    }
  }

  const first = ours(connect)
  phone.moves.add(onMove)
  if (closeOnHide && phone.isHidden) state = 'hidden'
  // Whoever opens it has to be able to listen first.
  else Promise.resolve(undefined).then(first, first)
  // Whose wrapper has ended is ended by it within the call.
  ends.add(onLogout)

  return {
    get state() {
      return state
    },

    send(data) {
      sendable(data)
      if (state === 'closed') return false
      if (state === 'open') (line as Line).send(data)
      else if (queue.length >= settings.maxEnqueuedMessages) return false
      else queue.push(typeof data === 'string' ? data : data.slice(0))
      return true
    },

    close(code = 1000, reason = '') {
      checkClose(code, reason)
      end(eventOf(code, reason))
    },

    reconnect() {
      if (state === 'closed' || state === 'hidden') return
      retries = 0
      connect(given('reconnect'))
    },

    on,
  }
}
