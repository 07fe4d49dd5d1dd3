import type { CallRecord } from 'miniprogram-session/testing'

/** What one side did, in ms since the start; what has no end goes on. */
export interface Picture {
  tracks: Track[]
  logins: Span[]
  counts: { answered: number; refused: number; codes: number }
  end: number
  isOver: boolean
}

/** One page's request, from its call to what the page got. */
export interface Track {
  to?: number
  failed?: boolean
  attempts: Attempt[]
}

export interface Attempt {
  kind: 'queued' | 'sent' | 'refused' | 'lost' | 'again'
  from: number
  to?: number
}

/** From the call of `wx.login` to the server's answer to its code. */
export interface Span {
  from: number
  to?: number
  failed: boolean
}

export interface Page {
  url: string
  to?: number
  failed?: boolean
}

const ended = (record: CallRecord, start: number) =>
  record.endedAt === undefined ? {} : { to: record.endedAt - start }

/** Drawn from what the phone has seen and from what the pages got: neither side tells anything about itself. */
export function pictureOf(
  records: readonly CallRecord[],
  pages: readonly Page[],
  codes: readonly number[],
  start: number,
  now: number,
): Picture {
  const attempts = new Map<string, Attempt[]>()
  const exchanges: CallRecord[] = []
  for (const record of records) {
    if (record.url.endsWith('/login')) {
      exchanges.push(record)
      continue
    }
    const of = attempts.get(record.url) ?? []
    attempts.set(record.url, of)
    of.push(...attemptsOf(record, start, of.some(isRefused)))
  }
  const tracks = pages.map(({ url, ...rest }) => ({ ...rest, attempts: attempts.get(url) ?? [] }))
  const isOver = tracks.every(({ to }) => to !== undefined)
  return {
    tracks,
    logins: codes.map((from, index) => {
      const exchange = exchanges[index]
      const isDone = exchange?.endedAt !== undefined
      return {
        from,
        ...(exchange && ended(exchange, start)),
        failed: isDone && exchange.statusCode !== 200,
      }
    }),
    counts: {
      answered: tracks.filter(({ to, failed }) => to !== undefined && !failed).length,
      refused: tracks.flatMap((track) => track.attempts).filter(isRefused).length,
      codes: codes.length,
    },
    end: isOver ? Math.max(0, ...tracks.map(({ to = 0 }) => to)) : now - start,
    isOver,
  }
}

const isRefused = ({ kind }: Attempt) => kind === 'refused'

function attemptsOf(record: CallRecord, start: number, again: boolean): Attempt[] {
  const { calledAt, startedAt, statusCode, outcome } = record
  const queued: Attempt = { kind: 'queued', from: calledAt - start }
  if (startedAt === undefined) return [{ ...queued, ...ended(record, start) }]
  const kind = statusCode === 401 ? 'refused' : outcome === 'fail' ? 'lost' : again ? 'again' : 'sent'
  const sent: Attempt = { kind, from: startedAt - start, ...ended(record, start) }
  return startedAt > calledAt ? [{ ...queued, to: startedAt - start }, sent] : [sent]
}
