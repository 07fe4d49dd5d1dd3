import { inside, type Inside } from '../entry/door'
import { either, Switch } from '../entry/signals'
import { isRead, labelOf, wrap, type Made } from '../entry/wrap'
import type { Client, RequestContext, Task } from '../index'
import { CONTEXT, FLAG, one, TEXT } from '../options/rules'
import { join, keyOf, type Joins } from './joins'

declare module 'miniprogram-session' {
  interface RequestContext {
    /**
     * For requests of one scope that are under way at a time. `'join'`: the same request is sent once, and each caller gets the answer,
     * unless that comes in pieces. `'replace'`: the newest aborts the older ones that say so too; a write that is replaced may have arrived.
     */
    overlap?: 'join' | 'replace'
    /** Which requests overlap. Default: those with the same method and URL; to join, with the same query and body too. */
    overlapKey?: string
    /** Whether a POST only asks, so that it may be given up with its page. */
    read?: boolean
  }
}

Object.assign(CONTEXT, { overlap: one('join', 'replace'), overlapKey: TEXT, read: FLAG })

/** A client for one page, or for anything else that ends. */
export interface Scope extends Client {
  /**
   * For `onUnload`. Aborts what only asks (GET, HEAD, OPTIONS, downloads, what is chunked, and a POST with `context.read`), also what is
   * asked from now on. Writes go on: an order that was placed is not undone by leaving the page. What was given to `on()` is off.
   */
  readonly end: () => void
  readonly ended: boolean
}

/** What a scope and its clones have in common. */
interface State {
  readonly end: Switch
  /** Those that join by a key of the app's. */
  readonly joins: Joins
  /** The newest of those that replace each other. */
  readonly newest: Map<string, Switch>
  /** What else ends with it. */
  readonly rest: Set<() => void>
}

/**
 * A client whose requests end with a page.
 *
 * ```ts
 * onLoad() { this.api = scope(api) },
 * async onShow() { this.setData({ orders: await this.api.get('/orders', {}, { context: { overlap: 'replace' } }) }) },
 * onUnload() { this.api.end() },
 * ```
 */
export function scope(client: Client): Scope {
  const state: State = { end: new Switch(), joins: new Map(), newest: new Map(), rest: new Set() }
  const { end, rest } = state
  return Object.defineProperty(
    Object.assign(within(client, state), {
      end() {
        if (end.aborted) return
        end.abort()
        rest.forEach((stop) => stop())
        rest.clear()
      },
    }),
    'ended',
    { get: () => end.aborted, enumerable: true },
  ) as Scope
}

function within(client: Client, state: State): Client {
  const { end, rest } = state
  const outer = inside(client)
  const door: Inside = Object.assign({}, outer, { ends: endsWith(state, outer.ends) })
  // Another clone may have other headers, and another answer.
  const joins: Joins = new Map()
  return wrap(client, door, (made) => send(state, joins, door, made), {
    on(listener) {
      const off = client.on(listener)
      if (end.aborted) off()
      else rest.add(off)
      return () => {
        rest.delete(off)
        off()
      }
    },
    extend: (options) => within(client.extend(options), state),
  })
}

function send(state: State, joins: Joins, door: Inside, made: Made): Task<unknown> {
  const { options, member } = made
  const ends = isRead(made)
  if (ends) options['signal'] = either(state.end, options['signal'])
  if (!options['context'] || (ends && state.end.aborted)) return made.send(options)
  // What is no such thing is told by the client.
  const { overlap, overlapKey } = options['context'] as RequestContext
  if (overlap === 'replace') return replace(state.newest, made, overlapKey || addressOf(door, made))
  if (overlap !== 'join') return made.send(options)
  // All verbs come to the same kind of result, each of the others to its own.
  if (overlapKey !== undefined)
    return join(state.joins, door, made, `${'url' in options ? member : ''} ${overlapKey}`)
  const key = keyOf(door, made)
  return key === undefined ? made.send(options) : join(joins, door, made, key)
}

/** Aborts the one before, wherever that is. */
function replace(newest: Map<string, Switch>, made: Made, key: string): Task<unknown> {
  const { options } = made
  const older = newest.get(key)
  const own = new Switch()
  newest.set(key, own)
  if (older) older.abort()
  options['signal'] = either(own, options['signal'])
  const task = made.send(options)
  const forget = (): void => {
    if (newest.get(key) === own) newest.delete(key)
  }
  task.then(forget, forget)
  return task
}

/** The same for whatever query and body. */
function addressOf(door: Inside, made: Made): string {
  const { method, url } = labelOf(door, made)
  return `${made.member} ${method} ${url}`
}

/** What is opened on a scope ends with it, at once if it has ended, and at a logout as ever. */
function endsWith({ end, rest }: State, ends: Set<() => void>): Set<() => void> {
  const own = new Set<() => void>()
  own.add = (stop) => {
    rest.add(stop)
    ends.add(stop)
    if (end.aborted) stop()
    return own
  }
  own.delete = (stop) => {
    rest.delete(stop)
    return ends.delete(stop)
  }
  return own
}
