import { createServer, type IncomingMessage } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { pipeline, type Duplex } from 'node:stream'
import { createSecureContext, TLSSocket } from 'node:tls'
import { TRUST_STORE_PASSWORD, type Authority } from './authority.ts'
import { HOST } from './certificate.ts'

export interface FakeProxy {
  /** what a back end is started with, so that its calls to WeChat come here */
  env: Record<string, string>
  /** what went wrong with somebody who came here, if anything did */
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

  const server = createServer((_request, response) => {
    response
      .writeHead(403, { 'content-type': 'text/plain' })
      .end(`This proxy leads to https://${HOST} alone.\n`)
  })
  server.on('connect', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    keep(socket)
    if (request.url !== `${HOST}:443`) {
      trouble ??= `the back end asked the proxy for ${String(request.url)}`
      socket.end(`HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n`)
      return
    }
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
    if (head.length > 0) socket.unshift(head)
    const secure = new TLSSocket(socket, { isServer: true, secureContext })
    let isTrusted = false
    secure.once('secure', () => (isTrusted = true))
    secure.on('error', (error: Error) => {
      if (!isTrusted) trouble ??= `the back end did not trust the proxy (${error.message})`
    })
    const fake = connect(target, '127.0.0.1')
    keep(fake)
    // Whoever ends, the other one does too: a fake that hangs up, and a client that has waited enough.
    pipeline(secure, fake, secure, () => undefined)
  })

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
    // Node 24
    NODE_USE_ENV_PROXY: '1',
    NODE_EXTRA_CA_CERTS: file,
    ...(trustStore === undefined ? {} : { JAVA_TOOL_OPTIONS: java.join(' ') }),
  }
}
