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
      waiting.set(id, collect(wire, resolve))
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

/** Puts the parts of an answer together, telling the task of each as it comes. */
function collect(wire: Wire, resolve: (reply: FakeReply) => void): (part: NetPart) => void {
  let head: Extract<NetPart, { kind: 'headers' }> | undefined
  const chunks: ArrayBuffer[] = []
  return (part) => {
    switch (part.kind) {
      case 'progress': {
        wire.progress(part.done, part.total)
        return
      }
      case 'headers':
        head = part
        {
          wire.headers(part.statusCode, part.header, part.cookies)
          return
        }
      case 'chunk':
        return void chunks.push(bytesOf(part.bytes))
      case 'fail': {
        resolve({ fail: part.reason })
        return
      }
      case 'end': {
        resolve({
          statusCode: head?.statusCode ?? 0,
          header: head?.header ?? {},
          cookies: head?.cookies ?? [],
          data: bytesOf(part.body),
          chunks,
        })
        return
      }
    }
  }
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

function bytesOf(base64: string): ArrayBuffer {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer
}
