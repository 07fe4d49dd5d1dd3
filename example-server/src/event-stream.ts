import type { FastifyReply, FastifyRequest } from 'fastify'
import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'

/** One server-sent event; `id` is what a client that was cut off gives back as `Last-Event-ID`. */
export interface ServerEvent {
  id?: number
  event?: string
  data: unknown
}

/** A comment now and then: a client must be able to tell silence from a line that is dead, and so must proxies (nginx: 60 s). */
const KEEP_ALIVE = 15_000

/** Sends events as they come. Whatever can be refused has been: from here on there is a 200, and no other status any more. */
export class EventStreams {
  constructor(
    private readonly ending: AbortSignal,
    /** Whether `x-dev-pace` and `x-dev-cut` are heeded. */
    private readonly development: boolean,
  ) {}

  /** `pace`: ms between two events. */
  send(
    request: FastifyRequest,
    reply: FastifyReply,
    events: Iterable<ServerEvent>,
    pace: number,
  ): FastifyReply {
    const dev = (name: string): number | undefined => {
      const value = Number(this.development ? request.headers[name] : undefined)
      return Number.isFinite(value) ? Math.min(Math.max(value, 0), 60_000) : undefined
    }
    const gone = new AbortController()
    // Of the connection, not of the request, which is over when its body has arrived.
    reply.raw.once('close', () => gone.abort())
    const signal = AbortSignal.any([gone.signal, this.ending])
    const cut = dev('x-dev-cut')
    const lines = paced(events, dev('x-dev-pace') ?? pace, signal, cut, () => reply.raw.destroy())
    return (
      reply
        .header('content-type', 'text/event-stream; charset=utf-8')
        .header('cache-control', 'no-store, no-transform')
        // nginx would collect the events otherwise, and hand them on when its buffer is full (proxy_buffering).
        .header('x-accel-buffering', 'no')
        .send(Readable.from(lines))
    )
  }
}

async function* paced(
  events: Iterable<ServerEvent>,
  pace: number,
  signal: AbortSignal,
  cut: number | undefined,
  hangUp: () => void,
): AsyncGenerator<string> {
  let sent = 0
  try {
    // The head goes out at once, though the first event may take its time.
    yield ':\n\n'
    for (const event of events) {
      for (let left = pace; left > 0; left -= KEEP_ALIVE) {
        await pause(Math.min(left, KEEP_ALIVE), undefined, { signal })
        if (left > KEEP_ALIVE) yield ':\n\n'
      }
      if (cut === sent) {
        hangUp()
        return
      }
      yield lineOf(event)
      sent++
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

function lineOf({ id, event, data }: ServerEvent): string {
  const name = event === undefined ? '' : `event: ${event}\n`
  return `${id === undefined ? '' : `id: ${id}\n`}${name}data: ${JSON.stringify(data)}\n\n`
}

/** What a client that was cut off has already; 0 if it begins. */
export function lastEventId(request: FastifyRequest): number {
  const given = Number(request.headers['last-event-id'])
  return Number.isSafeInteger(given) && given > 0 ? given : 0
}
