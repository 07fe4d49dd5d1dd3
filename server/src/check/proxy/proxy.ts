import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { pipeline, type Duplex } from 'node:stream'
import { createSecureContext, TLSSocket } from 'node:tls'
import { TRUST_STORE_PASSWORD, type Authority } from './authority.ts'
import { HOST } from './certificate.ts'

export interface FakeProxy {
  /** what a back end is started with, so that its calls to WeChat come here */
  env: Record<string, string>
  /** what went wrong with a back end that came here, if anything did: a sentence */
  readonly trouble: string | undefined
  close(): Promise<void>
}

/** The fake WeChat under WeChat's own name: an HTTP proxy that leads to it, and nowhere else. */
export async function startProxy(options: {
  port: number
  /** the fake */
  target: string
  authority: Authority
}): Promise<FakeProxy> {
  const { authority, port } = options
  const target = Number(new URL(options.target).port)
  const secureContext = createSecureContext(authority.server)
  const open = new Set<Duplex>()
  let trouble: string | undefined

  const server = createServer((request, response) => {
    const path = FETCHED.exec(request.url ?? '')?.[1]
    if (path !== undefined) {
      fetchFor(request, response, { port: target, path })
      return
    }
    refused(request)
    response
      .writeHead(403, { 'content-type': 'text/plain' })
      .end(`This proxy leads to https://${HOST} alone.\n`)
  })
  server.on('connect', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    keep(socket)
    if (request.url !== `${HOST}:443`) {
      refused(request)
      socket.end(`HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n`)
      return
    }
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
    if (head.length > 0) socket.unshift(head)
    const secure = new TLSSocket(socket, { isServer: true, secureContext })
    let isTrusted = false
    secure.once('secure', () => (isTrusted = true))
    secure.on('error', (error: Error) => {
      const { reason = error.message } = error as { reason?: string }
      if (!isTrusted) trouble ??= `It did not trust the proxy (${reason}).`
    })
    const fake = connect(target, '127.0.0.1')
    keep(fake)
    // Whoever ends, the other one does too: a fake that hangs up, and a client that has waited enough.
    pipeline(secure, fake, secure, () => undefined)
  })

  /** Without the query, which may have a secret in it. */
  function refused({ url = '' }: IncomingMessage): void {
    trouble ??= `It asked the proxy for ${url.split('?', 1)[0] ?? ''}.`
  }

  function keep(socket: Duplex): void {
    open.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => open.delete(socket))
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve())
  })
  return {
    env: environment((server.address() as AddressInfo).port, authority),
    get trouble() {
      return trouble
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
        for (const socket of open) socket.destroy()
      }),
  }
}

/** How axios before 1.16 asks a proxy for https: it opens no tunnel, and takes what comes. */
const FETCHED = new RegExp(`^https://${HOST.replaceAll('.', '\\.')}(?::443)?(/.*)$`)

function fetchFor(
  request: IncomingMessage,
  response: ServerResponse,
  { port, path }: { port: number; path: string },
): void {
  const { method, headers } = request
  const asking = ask({ port, host: '127.0.0.1', method, path, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    pipeline(answer, response, () => undefined)
  })
  asking.on('error', () => response.destroy())
  // A client that has waited enough.
  response.once('close', () => asking.destroy())
  request.pipe(asking)
}

/** Each language has its own words for a proxy, and for whom to trust. */
function environment(port: number, { file, trustStore }: Authority): Record<string, string> {
  const url = `http://127.0.0.1:${port}`
  const java = [
    `-Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=${port}`,
    `-Djavax.net.ssl.trustStore=${trustStore ?? ''} -Djavax.net.ssl.trustStorePassword=${TRUST_STORE_PASSWORD}`,
  ]
  return {
    WECHAT_API: `https://${HOST}`,
    // Go, Ruby, curl, Python, and Python's requests
    HTTPS_PROXY: url,
    https_proxy: url,
    SSL_CERT_FILE: file,
    REQUESTS_CA_BUNDLE: file,
    CURL_CA_BUNDLE: file,
    // Node 24, and 22.21 or newer
    NODE_USE_ENV_PROXY: '1',
    NODE_EXTRA_CA_CERTS: file,
    ...(trustStore === undefined ? {} : { JAVA_TOOL_OPTIONS: java.join(' ') }),
  }
}
