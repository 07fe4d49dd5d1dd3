import { TextEncoder } from 'node:util'
import type { ClientOptions } from '../../src'
import type { FakeReply, Wire } from '../../src/testing'
import type { Stream } from '../../src/stream'
import { makeWorld, watch, type Watched, type World } from '../laws/world'

export const EVENTS = { 'content-type': 'text/event-stream; charset=utf-8' }
export const JSON_TYPE = { 'content-type': 'application/json' }
export const NDJSON = { 'content-type': 'application/x-ndjson' }
export const URL = '/stream'

export const bytes = (text: string): ArrayBuffer => {
  const { buffer, byteOffset, byteLength } = new TextEncoder().encode(text)
  return buffer.slice(byteOffset, byteOffset + byteLength)
}

/** Each event as a server sends it. */
export const sse = (...data: readonly string[]): string => data.map((one) => `data: ${one}\n\n`).join('')

/** A phone with a token in its store, good or dead, and a back end that streams at `/stream` to whoever has a live one. */
export function streaming(
  answer: (wire: Wire, nth: number) => FakeReply | Promise<FakeReply>,
  { token = 'good', client = {} }: { token?: 'good' | 'dead'; client?: Partial<ClientOptions> } = {},
): World & { readonly sent: () => number } {
  const world = makeWorld({
    stored: token,
    isLive: token === 'good',
    client: { checkSession: false, ...client },
  })
  const { server } = world.fake
  let nth = 0
  server.on(
    URL,
    server.guard((_request, wire) => answer(wire, nth++)),
  )
  return { ...world, sent: () => server.requests.filter(({ path }) => path === URL).length }
}

export interface Read<T> extends Watched {
  readonly items: T[]
}

/** Reads a stream as `for await` does, and notes what comes of it. */
export function read<T>(stream: Stream<T>, fake: World['fake']): Read<T> {
  const items: T[] = []
  const all = async (): Promise<void> => {
    for await (const item of stream) items.push(item)
  }
  return Object.assign(watch(all(), fake), { items })
}

/** The same by `forEach`. */
export function hear<T>(stream: Stream<T>, fake: World['fake']): Read<T> {
  const items: T[] = []
  return Object.assign(
    watch(
      stream.forEach((item) => items.push(item)),
      fake,
    ),
    { items },
  )
}
