import { ignore } from '../app-code'
import { StreamError } from './errors'
import { checkLength, createLines, type Push } from './lines'

/** An event of a server, with the names that the web has for it (WHATWG `MessageEvent`). */
export interface ServerSentEvent {
  /** `'message'`, unless the server names it. */
  type: string
  /** Its lines, joined by line feeds. */
  data: string
  /** Of this event, or the last one before it that had any. */
  lastEventId: string
}

/** Makes items of text. Throws a `StreamError` for what cannot be one. */
export interface Reader {
  readonly push: Push
  /** Nothing more comes. */
  end(): void
  lastEventId?: string
  retry?: number
}

/** What one of the three functions makes of an answer. */
export interface Format<T> {
  readonly accept: string
  /** Whether an answer of this content type is such a stream; `''` where the server says none. */
  readonly isOfType: (type: string) => boolean
  readonly createReader: (emit: (item: T) => void, maxLength: number) => Reader
}

export const TEXT: Format<string> = {
  accept: '*/*',
  isOfType: () => true,
  createReader: (emit) => ({
    push(text) {
      if (text) emit(text)
    },
    end: ignore,
  }),
}

export const JSON_LINES: Format<unknown> = {
  accept: 'application/x-ndjson',
  isOfType: () => true,
  createReader(emit, maxLength) {
    const push = createLines(false, maxLength, (line) => {
      if (line.trim()) emit(parse(line))
    })
    // The last line need not have an end.
    return { push, end: () => push('\n') }
  },
}

/** What has no blank line behind it when the stream ends is dropped (HTML standard, 9.2.6). */
export const EVENTS: Format<ServerSentEvent> = {
  accept: 'text/event-stream',
  isOfType: (type) => !type || type === 'text/event-stream',
  createReader(emit, maxLength) {
    let data: string | undefined
    let type = ''
    let id = ''

    function dispatch(): void {
      // Only now: whoever asks for the rest after a cut asks for this event again, if it was not whole.
      reader.lastEventId = id
      const event = data === undefined ? undefined : { type: type || 'message', data, lastEventId: id }
      data = undefined
      type = ''
      if (event) emit(event)
    }

    const push = createLines(true, maxLength, (line) => {
      if (!line) return dispatch()
      const colon = line.indexOf(':')
      const field = colon < 0 ? line : line.slice(0, colon)
      const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
      if (field === 'data') {
        data = data === undefined ? value : `${data}\n${value}`
        checkLength(data, maxLength)
      } else if (field === 'event') type = value
      else if (field === 'id' && value.indexOf('\0') < 0) id = value
      // A timer of a phone's cannot wait for longer, and would not wait at all.
      else if (field === 'retry' && /^\d+$/.test(value)) reader.retry = Math.min(Number(value), 1e9)
    })
    const reader: Reader = { push, end: ignore }
    return reader
  },
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line) as unknown
  } catch (cause) {
    throw new StreamError('sent a line that is no JSON: see error.cause.', cause)
  }
}
