import type { FakeRequest } from './request'
import type { Failure, FailureName, FakeReply, Handler, Wire } from './types'

// The one file of src/ that uses the web: it runs in Node and in browsers only. The few things it needs of them are
// declared here, so that the typings of neither leak into the rest.
declare const fetch: Fetch
declare const AbortController: new () => { readonly signal: AbortSignalLike; abort(): void }
declare const FormData: new () => { append(name: string, value: unknown, fileName?: string): void }
declare const Blob: new (parts: readonly (string | ArrayBuffer | Uint8Array)[]) => { readonly size: number }
declare const process: { getBuiltinModule?(id: 'node:fs'): NodeFiles } | undefined

interface NodeFiles {
  readonly promises: { readFile(path: string): Promise<Uint8Array> }
}

interface AbortSignalLike {
  readonly aborted: boolean
}

/** The part of `fetch` that is used. */
export type Fetch = (
  url: string,
  init: {
    method: string
    headers: Record<string, string>
    body?: unknown
    redirect: 'follow' | 'manual'
    signal: AbortSignalLike
  },
) => Promise<FetchedResponse>

interface FetchedResponse {
  readonly status: number
  readonly headers: {
    forEach(each: (value: string, name: string) => void): void
    getSetCookie?(): string[]
  }
  readonly body: {
    getReader(): { read(): Promise<{ done: boolean; value?: Uint8Array }> }
  } | null
  arrayBuffer(): Promise<ArrayBuffer>
}

/** What `httpTransport` takes. */
export interface HttpTransportOptions {
  /** Default: the global `fetch`. */
  fetch?: Fetch
  /** Reads the file of an upload that is not in `fake.files`. Default: from the disk, in Node. */
  readFile?: ReadFile
}

type FileContent = string | ArrayBuffer | Uint8Array
type ReadFile = (path: string) => Promise<FileContent>

/**
 * Sends the requests of a fake over real HTTP, ten at a time as ever. It needs real time; login codes still come from
 * the fake's account, so the server must take them (see `codes`). `fetch` gives header names in lower case.
 *
 * ```ts
 * const fake = createFakeWeChat({ server: httpTransport(), clock: realClock })
 * const api = createClient({ platform: fake.wx, baseURL: 'http://127.0.0.1:3000', login: { url: '/login' } })
 * ```
 */
export function httpTransport(options: HttpTransportOptions = {}): Handler {
  const { readFile = readFromDisk } = options

  async function exchange(request: FakeRequest, wire: Wire, signal: AbortSignalLike): Promise<FakeReply> {
    const { body, size } = await bodyOf(request, readFile)
    // fetch does not tell how far a body has come: half when it sets out, all when the answer is there.
    if (size > 0) wire.progress(Math.floor(size / 2), size)
    const response = await (options.fetch ?? fetch)(request.url, {
      method: request.method,
      headers: headersOf(request),
      redirect: request.options['redirect'] === 'manual' ? 'manual' : 'follow',
      signal,
      ...(body !== undefined && { body }),
    })
    if (size > 0) wire.progress(size, size)
    return received(response, request.options['enableChunked'] === true, wire)
  }

  const handler = async (request: FakeRequest, wire: Wire): Promise<FakeReply> => {
    const controller = new AbortController()
    wire.onAbort(() => controller.abort())
    try {
      return await exchange(request, wire, controller.signal)
    } catch (error) {
      return { fail: failureFrom(error) }
    }
  }
  return Object.assign(handler, { latency: 0 })
}

async function bodyOf(request: FakeRequest, readFile: ReadFile): Promise<{ body?: unknown; size: number }> {
  const { upload, method, data } = request
  // fetch throws on a GET with a body.
  if (upload === undefined)
    return method === 'GET' || method === 'HEAD' ? { size: 0 } : { body: data, size: 0 }
  const file = new Blob([upload.content ?? (await contentOf(upload.filePath, readFile))])
  const body = new FormData()
  for (const [name, value] of Object.entries(upload.formData)) body.append(name, String(value))
  body.append(upload.name, file, upload.filePath.split('/').pop() ?? 'file')
  return { body, size: file.size }
}

async function contentOf(path: string, readFile: ReadFile): Promise<FileContent> {
  try {
    return await readFile(path)
  } catch {
    throw new MissingFile()
  }
}

/** The boundary of an upload is for fetch to choose: a content type given with it goes, as on phones. */
function headersOf(request: FakeRequest): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.header)) {
    if (request.upload === undefined || name.toLowerCase() !== 'content-type') headers[name] = value
  }
  return headers
}

async function received(response: FetchedResponse, isChunked: boolean, wire: Wire): Promise<FakeReply> {
  const { status: statusCode, headers, body } = response
  const header: Record<string, string> = {}
  headers.forEach((value, name) => {
    if (name !== 'set-cookie') header[name] = value
  })
  const cookies = headers.getSetCookie?.() ?? []
  wire.headers(statusCode, header, cookies)
  if (!isChunked || body === null) return { statusCode, header, cookies, data: await response.arrayBuffer() }
  const reader = body.getReader()
  for (let part = await reader.read(); part.value !== undefined; part = await reader.read()) {
    wire.chunk(part.value.slice().buffer)
  }
  return { statusCode, header, cookies, chunks: [] }
}

class MissingFile extends Error {}

/** Node's codes in the words of WeChat's cronet; the table is Chromium's net_error_list. */
const FAILURES: Record<string, FailureName> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ETIMEDOUT: 'timed-out',
  UND_ERR_CONNECT_TIMEOUT: 'timed-out',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate',
  CERT_HAS_EXPIRED: 'certificate',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate',
}

function failureFrom(error: unknown): FailureName | Failure {
  if (error instanceof MissingFile) return { errMsg: 'fail file not found' }
  return FAILURES[codeOf(error)] ?? 'unknown'
}

/** fetch hides the reason in `cause`; an address with several IPs fails with one error for each. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return ''
  if ('code' in error && typeof error.code === 'string') return error.code
  return 'cause' in error ? codeOf(error.cause) : ''
}

/** `getBuiltinModule` and no import: bundlers for the browser then find nothing of Node here. */
async function readFromDisk(path: string): Promise<FileContent> {
  const files = typeof process === 'undefined' ? undefined : process.getBuiltinModule?.('node:fs')
  if (files === undefined) throw new MissingFile()
  return files.promises.readFile(path)
}
