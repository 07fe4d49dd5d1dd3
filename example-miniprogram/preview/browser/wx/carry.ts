import type { FakeReply, FakeRequest, Handler, Wire } from 'miniprogram-session/testing'
import type { NetPart } from '../../protocol'
import type { ServerLine } from '../dev/line'
import { files } from './files'

/**
 * Sends requests through the preview's server, which makes the real ones. From the page itself they could not
 * be what a phone sends: the browser keeps `Set-Cookie` and `Referer` to itself, asks other origins first,
 * and opens six connections where WeChat opens ten.
 */
export function carryThroughServer(line: ServerLine): Handler {
  const waiting = new Map<number, (part: NetPart) => void>()
  line.on('net', ({ id, part }) => waiting.get(id)?.(part))
  line.onLost(() => {
    for (const tell of [...waiting.values()]) tell({ kind: 'fail', reason: 'unknown' })
  })

  const handler = async (request: FakeRequest, wire: Wire): Promise<FakeReply> => {
    const { id, method, url } = request
    const { header, body } = await payloadOf(request)
    const client = await line.client
    // Without the preview's server there is no network at all.
    if (client === undefined) return { fail: 'unknown' }
    const query = `client=${client}&id=${id}`
    const reply = new Promise<FakeReply>((resolve) => {
      waiting.set(id, collect(request, wire, resolve))
      wire.onAbort(() => {
        waiting.delete(id)
        fetch(`/__preview/net?${query}`, { method: 'DELETE' }).catch(() => undefined)
      })
    })
    const order = encodeURIComponent(JSON.stringify({ method, url, header }))
    const sent = fetch(`/__preview/net?${query}`, {
      method: 'POST',
      headers: { 'x-order': order },
      body: body ?? null,
    })
    await sent.catch(() => waiting.get(id)?.({ kind: 'fail', reason: 'unknown' }))
    return await reply.finally(() => waiting.delete(id))
  }
  return Object.assign(handler, { latency: 0 })
}

/** Tells the task of each part as it comes. A body that nobody wants in chunks is kept until it is whole. */
function collect(
  { options }: FakeRequest,
  wire: Wire,
  resolve: (reply: FakeReply) => void,
): (part: NetPart) => void {
  const isChunked = options['enableChunked'] === true
  let head: Omit<Extract<NetPart, { kind: 'headers' }>, 'kind'> | undefined
  const kept: Uint8Array<ArrayBuffer>[] = []
  return (part) => {
    switch (part.kind) {
      case 'progress':
        return wire.progress(part.done, part.total)
      case 'headers':
        head = part
        return wire.headers(part.statusCode, part.header, part.cookies)
      case 'chunk': {
        const bytes = bytesOf(part.bytes)
        if (isChunked) wire.chunk(bytes.buffer)
        else kept.push(bytes)
        return
      }
      case 'fail':
        return resolve({ fail: part.reason })
      case 'end': {
        const { statusCode = 0, header = {}, cookies = [] } = head ?? {}
        // What has been handed on is not told again.
        const body = isChunked ? { chunks: [] } : { data: joined(kept) }
        return resolve({ statusCode, header, cookies, ...body })
      }
    }
  }
}

function joined(chunks: Uint8Array[]): ArrayBuffer {
  const whole = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0))
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole.buffer
}

async function payloadOf(
  request: FakeRequest,
): Promise<{ header: Record<string, string>; body: string | ArrayBuffer | undefined }> {
  const { header, upload, data } = request
  if (!upload) return { header, body: data }
  const form = new FormData()
  for (const [name, value] of Object.entries(upload.formData)) form.append(name, String(value))
  const file = files.get(upload.filePath) ?? new Blob(['?'])
  form.append(upload.name, file, upload.filePath.split('/').pop() ?? 'file')
  // A Response is what turns a form into bytes and names their boundary.
  const encoded = new Response(form)
  const type = encoded.headers.get('content-type') ?? ''
  return { header: { ...header, 'content-type': type }, body: await encoded.arrayBuffer() }
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}
