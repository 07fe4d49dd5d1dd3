import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A back end in the style of many: 200 to everything, a business code, the token in a cookie or a header. */
export interface StyledBackend {
  url: string
  close(): Promise<void>
}

export type Style = 'business-code' | 'cookie'

const CODES: Record<number, number> = { 40029: 10400, 40163: 10400, 40226: 10403, 45011: 10429, [-1]: 10503 }

export async function startStyledBackend(style: Style, wechat: string): Promise<StyledBackend> {
  const sessions = new Map<string, string>()
  const recent = new Map<string, { token: string; until: number }>()

  async function login(code: unknown): Promise<{ token?: string; code: number }> {
    if (typeof code !== 'string' || code === '' || code.length > 256) return { code: 10400 }
    const query = new URLSearchParams({ appid: 'wx1', secret: 'a secret', js_code: code })
    query.set('grant_type', 'authorization_code')
    let said: { openid?: string; errcode?: number }
    try {
      const answer = await fetch(`${wechat}/sns/jscode2session?${query.toString()}`, {
        signal: AbortSignal.timeout(1000),
      })
      if (answer.status !== 200) return { code: 10503 }
      said = (await answer.json()) as typeof said
    } catch {
      return { code: 10503 }
    }
    if (said.openid === undefined) return { code: CODES[said.errcode ?? 0] ?? 10500 }
    const known = recent.get(said.openid)
    if (known && known.until > Date.now() && sessions.has(known.token)) return { token: known.token, code: 0 }
    const token = randomBytes(24).toString('base64url')
    sessions.set(token, createHash('sha256').update(said.openid).digest('hex'))
    recent.set(said.openid, { token, until: Date.now() + 1000 })
    return { token, code: 0 }
  }

  function say(response: ServerResponse, code: number, data: object = {}): void {
    const wait = code === 10429 || code === 10503 ? { wait: 1 } : {}
    const status = style === 'business-code' || code === 0 ? 200 : code - 10_000
    response.writeHead(status, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      ...(style === 'cookie' && 'wait' in wait ? { 'retry-after': '1' } : {}),
    })
    response.end(JSON.stringify({ code, data: { ...data, ...wait } }))
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = ''
    for await (const chunk of request as AsyncIterable<Buffer>) text += chunk.toString()
    const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>
    if (request.url === '/wx/login') {
      const { token, code } = await login(body['js_code'])
      if (style === 'cookie' && token !== undefined)
        response.setHeader('set-cookie', `sid=${token}; HttpOnly`)
      say(response, code, style === 'cookie' ? {} : { token })
      return
    }
    const given =
      style === 'cookie'
        ? /(?:^|; )sid=([^;]*)/.exec(request.headers.cookie ?? '')?.[1]
        : String(request.headers['x-token'])
    const user = sessions.get(given ?? '')
    if (request.url === '/wx/logout') {
      sessions.delete(given ?? '')
      say(response, 0)
    } else if (user === undefined) say(response, 10401)
    else say(response, 0, { user: { id: user } })
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
