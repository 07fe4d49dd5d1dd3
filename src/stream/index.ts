import type { Client } from '../index'
import type { StreamOptions } from './options'
import { EVENTS, JSON_LINES, TEXT, type Format, type ServerSentEvent } from './readers'
import { openStream } from './stream'
import type { Stream } from './types'

/**
 * Text as it comes, cut anywhere but never within a character.
 *
 * ```ts
 * await streamText(api, { url: '/poem' }).forEach((text) => this.setData({ poem: this.data.poem + text }))
 * ```
 */
export function streamText(client: Client, options: StreamOptions): Stream<string> {
  return openStream(client, options, TEXT)
}

/**
 * Server-sent events. An answer of another content type is no stream: it is judged as one of `request()` is, so that a refusal in an
 * envelope leads to a login too.
 *
 * ```ts
 * for await (const { data } of streamEvents(api, { url: '/chat', method: 'POST', data: { question } })) show(JSON.parse(data))
 * ```
 */
export function streamEvents(client: Client, options: StreamOptions): Stream<ServerSentEvent> {
  return openStream(client, options, EVENTS)
}

/**
 * One JSON value for each line (NDJSON). Blank lines are left out, and the last line need not have an end.
 *
 * ```ts
 * for await (const order of streamJson<Order>(api, { url: '/orders/export' })) add(order)
 * ```
 */
export function streamJson<T = unknown>(client: Client, options: StreamOptions): Stream<T> {
  return openStream(client, options, JSON_LINES as Format<T>)
}

export { StreamError } from './errors'
export type { StreamOptions } from './options'
export type { ServerSentEvent } from './readers'
export type { Stream } from './types'
