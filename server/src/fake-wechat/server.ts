import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Platform, type PlatformAnswer, type PlatformOptions } from './platform.ts'

/** `api.weixin.qq.com` on a loopback port. */
export interface FakeWeChat {
  /** `http://127.0.0.1:9100`: what a back end takes in the place of `https://api.weixin.qq.com` */
  url: string
  platform: Platform
  /** Lets go of those who were left without an answer, by `mint(user, { outcome: 'hang' })`: their connection is reset. */
  hangUp(): void
  close(): Promise<void>
}

export interface FakeWeChatOptions extends PlatformOptions {
  /** a free one by default */
  port?: number
  /** answers `POST /fake/code { user }` with a code: for a process that cannot call `mint()`. Never on by itself */
  mintOverHttp?: boolean
}

const MAX_BODY = 100_000

export async function startFakeWeChat(options: FakeWeChatOptions = {}): Promise<FakeWeChat> {
  const platform = new Platform(options)
  const unanswered = new Set<ServerResponse>()
  const server = createServer((request, response) => {
    unanswered.add(response)
    response.once('close', () => unanswered.delete(response))
    route(platform, options, request, response).catch(() => response.destroy())
  })
  await listen(server, options.port ?? 0)
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    platform,
    hangUp() {
      for (const response of unanswered) response.destroy()
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        // Those that hang on purpose would never end by themselves.
        server.closeAllConnections()
      }),
  }
}

/** Loopback only: whoever reaches it logs in as anybody. */
function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve())
  })
}

async function route(
  platform: Platform,
  { mintOverHttp = false }: FakeWeChatOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://fake')
  const body = await readJson(request)
  const token = query.get('access_token')
  switch (pathname) {
    case '/sns/jscode2session': {
      answer(response, platform.exchange(query))
      return
    }
    case '/cgi-bin/token': {
      answer(response, platform.accessToken(query.get('appid'), query.get('secret'), false))
      return
    }
    case '/cgi-bin/stable_token': {
      answer(response, platform.accessToken(body['appid'], body['secret'], true))
      return
    }
    case '/wxa/business/getuserphonenumber': {
      answer(response, platform.phone(token, body['code']))
      return
    }
    case '/wxa/checksession': {
      answer(response, platform.checkSession(token, query, false))
      return
    }
    case '/wxa/resetusersessionkey': {
      answer(response, platform.checkSession(token, query, true))
      return
    }
    case '/fake/code':
      if (mintOverHttp && request.method === 'POST') {
        const user = typeof body['user'] === 'string' ? body['user'] : 'newcomer'
        answer(response, { code: platform.mint(user) })
        return
      }
  }
  response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found')
}

function answer(response: ServerResponse, what: PlatformAnswer): void {
  switch (what) {
    case 'hang':
      return
    case 'reset':
      response.destroy()
      return
    case 'html':
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end('<html><body>502 Bad Gateway</body></html>')
      return
    case 'http-500':
      response.writeHead(500, { 'content-type': 'text/plain' }).end('{"errcode":0}')
      return
    case 'half-json':
      response.writeHead(200, { 'content-type': 'text/plain' }).end('{"session_key":"cut off","openid":"fa')
      return
    default:
      // WeChat says text/plain of its JSON: a library that looks at the type parses nothing.
      response.writeHead(200, { 'content-type': 'text/plain' }).end(JSON.stringify(what))
  }
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BODY) throw new Error('too large')
    chunks.push(chunk)
  }
  try {
    const parsed: unknown = JSON.parse(Buffer.concat(chunks).toString())
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {}
  } catch {
    return {}
  }
}
