import { ConfigError, TimeoutError } from '../errors'
import type { Inside } from '../entry/door'
import { Relay } from '../entry/relay'
import { labelOf, type Made } from '../entry/wrap'
import type { Task } from '../index'
import type { Timer } from '../timers'
import { isBuffer } from '../transport/snapshot'

/** One request for several callers. */
interface Flight {
  readonly callers: Set<Relay>
  task: Task<unknown> | undefined
  /** Of the moment when it was sent. */
  readonly epoch: number
  /** The session then. */
  id: string | undefined
}

export type Joins = Map<string, Flight>

/** Sends it, or joins one that is under way. */
export function join(joins: Joins, door: Inside, made: Made, key: string): Task<unknown> {
  const { timers } = door.core
  const { options } = made
  const { totalTimeout: ms = door.config.totalTimeout } = options as { totalTimeout?: number }
  let flight: Flight | undefined
  let timer: Timer | undefined
  const caller = new Relay(options, labelOf(door, made), () => {
    timers.cancel(timer)
    if (flight && flight.callers.delete(caller) && !flight.callers.size) giveUp(joins, key, flight)
  })
  // Whoever comes later would miss what has come, and a stream has one reader.
  if (options['enableChunked'] === true)
    caller.abort(
      new ConfigError("cannot be joined: an answer in pieces is for one caller. Give it overlap: 'replace'."),
    )
  if (caller.isSettled) return caller.task
  if (ms !== undefined) timer = timers.deadline(ms, () => caller.abort(new TimeoutError('totalTimeout', ms)))
  const known = joins.get(key)
  if (known && !isPast(known, door)) {
    flight = known
    known.callers.add(caller)
    if (known.task) caller.follow(known.task)
  } else {
    flight = begin(joins, door, key, caller)
    const sent = Relay.sent(options)
    // Each caller has its own.
    if (ms !== undefined) sent['totalTimeout'] = Infinity
    fly(joins, door, key, flight, made.send(sent))
  }
  return caller.task
}

function begin(joins: Joins, { core }: Inside, key: string, caller: Relay): Flight {
  const flight: Flight = {
    callers: new Set([caller]),
    task: undefined,
    epoch: core.session.epoch,
    id: undefined,
  }
  joins.set(key, flight)
  return flight
}

function fly(joins: Joins, { core }: Inside, key: string, flight: Flight, task: Task<unknown>): void {
  const { held } = core.session
  flight.id = held && held.session.id
  flight.task = task
  const settle = (tell: (caller: Relay) => void): void => {
    forget(joins, key, flight)
    const callers = Array.from(flight.callers)
    flight.callers.clear()
    callers.forEach(tell)
  }
  task.then(
    (value) => settle((caller) => caller.resolve(value)),
    (error: unknown) => settle((caller) => caller.reject(error)),
  )
  // A listener may have given it up before there was a task.
  if (!flight.callers.size) task.abort()
  flight.callers.forEach((caller) => caller.follow(task))
}

function giveUp(joins: Joins, key: string, flight: Flight): void {
  forget(joins, key, flight)
  if (flight.task) flight.task.abort()
}

function forget(joins: Joins, key: string, flight: Flight): void {
  if (joins.get(key) === flight) joins.delete(key)
}

/** Whether `logout()` or `setSession()` came between: it is another user who asks now. A login, a refresh or a rotation does not. */
function isPast(flight: Flight, { core }: Inside): boolean {
  const { epoch, held } = core.session
  if (epoch !== flight.epoch) return true
  return (
    held !== undefined &&
    held.isSet &&
    held.source !== 'stored' &&
    flight.task !== undefined &&
    held.session.id !== flight.id
  )
}

/** All that makes two requests the same; nothing if that cannot be written down. */
export function keyOf(door: Inside, made: Made): string | undefined {
  const { member, method, url, data, options } = made
  // Another base may have come into force.
  const whole = labelOf(door, made).url
  const { query, data: body, formData, filePath, name, auth, dataType, responseType } = options
  try {
    return JSON.stringify(
      [member, method, whole, url, data, query, body, formData, filePath, name, auth, dataType, responseType],
      (_, value: unknown) =>
        isBuffer(value)
          ? Array.from(new Uint8Array(value))
          : ArrayBuffer.isView(value)
            ? Array.from(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
            : value,
    )
  } catch {
    return undefined
  }
}
