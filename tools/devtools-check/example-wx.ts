interface Callbacks {
  success?: (result: object) => void
  complete?: (result: object) => void
}

/** What the server says to any question. */
export const ANSWER = '先喝杯茶 🍵'

const EVENTS = Buffer.from(
  Array.from(ANSWER, (text, index) => `id: ${index + 1}\ndata: ${JSON.stringify({ text })}\n\n`).join('') +
    'event: done\ndata: {}\n\n',
)
/** Bytes in a chunk: characters are cut. */
const CHUNK = 7

/** A `wx` with just what the start page and the chat page need, whose server knows everybody. */
export function exampleWx(): Record<string, unknown> {
  const stored = new Map<string, unknown>()
  const later = ({ success, complete }: Callbacks, result: object) => {
    setTimeout(() => {
      success?.(result)
      complete?.(result)
    }, 1)
  }
  const request = (options: Callbacks & { url: string }) => {
    if (options.url.endsWith('/chat')) return chat(options)
    const data = options.url.endsWith('/login')
      ? { token: 'token', expiresIn: 7200 }
      : { id: 'somebody', nickname: 'Somebody' }
    later(options, { statusCode: 200, data, header: {}, cookies: [], errMsg: 'request:ok' })
    return { abort: () => undefined }
  }
  return {
    request,
    login: (options: Callbacks) => later(options, { code: 'code', errMsg: 'login:ok' }),
    checkSession: (options: Callbacks) => later(options, { errMsg: 'checkSession:ok' }),
    getStorageSync: (key: string) => stored.get(key) ?? '',
    setStorageSync: (key: string, value: unknown) => void stored.set(key, value),
    removeStorageSync: (key: string) => void stored.delete(key),
  }
}

/** The answer in chunks, as a phone hands them over; `success` has nothing of it. */
function chat({ success, complete }: Callbacks): Record<string, unknown> {
  let tellHead: (head: object) => void = () => undefined
  let tellChunk: (chunk: { data: ArrayBuffer }) => void = () => undefined
  const head = { statusCode: 200, header: { 'Content-Type': 'text/event-stream' }, cookies: [] }
  setTimeout(() => {
    tellHead(head)
    for (let at = 0; at < EVENTS.length; at += CHUNK) {
      tellChunk({ data: new Uint8Array(EVENTS.subarray(at, at + CHUNK)).buffer })
    }
    const result = { ...head, data: '', errMsg: 'request:ok' }
    success?.(result)
    complete?.(result)
  }, 1)
  return {
    abort: () => undefined,
    onHeadersReceived: (listener: typeof tellHead) => (tellHead = listener),
    onChunkReceived: (listener: typeof tellChunk) => (tellChunk = listener),
    offHeadersReceived: () => undefined,
    offChunkReceived: () => undefined,
  }
}
