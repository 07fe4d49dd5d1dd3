import { build as bundle } from 'esbuild'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import type { ServerMessage } from '../protocol'
import { type Build, Builds } from './builds'
import { Carrier, type Order } from './carrier'
import { Sockets } from './sockets'
import { type Asset, asset, assetUnder } from './static'
import type { WeChatUserData } from './wechat-user-data'
import { placesOf } from './where'
import { Windows } from './windows'

const BROWSER = path.join(__dirname, '../browser')
const LARGEST_BODY = 32 * 1024 * 1024

export interface PreviewOptions {
  /** The folder that holds app.json. */
  root: string
  /** Other folders whose files, when changed, mean a new build. */
  alsoWatch?: string[]
  /** Loopback port; 0, the default, takes a free one. */
  port?: number
  watch?: boolean
  /** Where origins that the mini-program names really are. */
  routes?: Record<string, string>
  /** Answers `wx.getWeRunData`, for users that have logged in. */
  userData?: WeChatUserData
  onBuild?: (build: Build, ms: number) => void
}

export interface Preview {
  url: string
  builds: Builds
  close(): Promise<void>
}

/** Builds a mini-program and serves it to browsers on this machine. */
export async function startPreview(options: PreviewOptions): Promise<Preview> {
  const { root, alsoWatch = [], port = 0, watch = false, routes, userData, onBuild } = options
  // Builds are counted from 1 at each start: without this a page of the last one would take itself for new.
  const run = randomUUID()
  const carrier = new Carrier(routes)
  const sockets = new Sockets((url) => carrier.resolve(url))
  const windows = new Windows((client) => carrier.abortAll(`${client} `))
  const builds = new Builds(root, (build, ms) => {
    onBuild?.(build, ms)
    windows.tellAll(news(build))
  })
  const [client] = await Promise.all([bundleClient(), builds.build()])
  if (watch) builds.watch([root, ...alsoWatch])

  const server = http.createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      response.writeHead(500).end(error instanceof Error ? error.message : String(error))
    })
  })
  server.on('upgrade', (request, socket, head) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://preview')
    if (!isOurs(request) || !isSameOrigin(request)) socket.destroy()
    else if (pathname === '/__preview/line') windows.join(request, socket, head, news(builds.current))
    else if (pathname === '/__preview/socket')
      sockets.join(request, socket, head, searchParams.get('order') ?? '')
    else socket.destroy()
  })
  await listen(server, port)
  const address = server.address() as AddressInfo

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://preview')
    if (!isOurs(request)) {
      answer(response, 403, 'this preview is for this machine only')
      return
    }
    switch (url.pathname) {
      case '/__preview/net': {
        await carry(request, response, url.searchParams)
        return
      }
      case '/__preview/steps': {
        const steps = userData?.steps(url.searchParams.get('user') ?? '')
        answer(response, steps ? 200 : 404, JSON.stringify(steps ?? null))
        return
      }
      case '/__preview/picture': {
        const picture = await fetch(carrier.resolve(url.searchParams.get('url') ?? ''))
        response.writeHead(picture.status, { 'content-type': picture.headers.get('content-type') ?? '' })
        response.end(Buffer.from(await picture.arrayBuffer()))
        return
      }
      case '/__preview/where': {
        const stack = (await read(request)).toString()
        const places = placesOf(stack, builds.current.sourceMap, path.join(process.cwd(), 'out'))
        answer(response, 200, JSON.stringify(places))
        return
      }
    }
    const found = await page(url.pathname)
    if (!found) {
      answer(response, 404, `there is no ${url.pathname} here`)
      return
    }
    response.writeHead(200, { 'content-type': found.type, 'cache-control': 'no-store' }).end(found.body)
  }

  async function page(pathname: string): Promise<Asset | undefined> {
    if (pathname === '/') return asset('index.html', readFileSync(path.join(BROWSER, 'index.html')))
    if (pathname === '/__preview/client.js') return asset(pathname, client)
    // On the first line of the code, so that the lines of the source map stay right.
    if (pathname === '/__preview/program.js') {
      const { version, code } = builds.current
      return asset(pathname, `const PREVIEW_BUILD = "${run} ${version}";${code}`)
    }
    if (pathname.startsWith('/__preview/'))
      return await assetUnder(BROWSER, pathname.slice('/__preview'.length))
    return await assetUnder(root, pathname)
  }

  async function carry(
    request: IncomingMessage,
    response: ServerResponse,
    query: URLSearchParams,
  ): Promise<void> {
    const [name, id] = [query.get('client') ?? '', Number(query.get('id'))]
    const key = `${name} ${id}`
    if (request.method === 'DELETE') carrier.abort(key)
    else {
      // A header of our own: no form or picture of another site can send it.
      const order = JSON.parse(decodeURIComponent(String(request.headers['x-order']))) as Order
      const body = await read(request)
      carrier.send(key, order, body, (part) => windows.tell(name, { type: 'net', id, part }))
    }
    answer(response, 202, '')
  }

  function news({ diagnostics, version }: Build): ServerMessage {
    if (diagnostics.length === 0) return { type: 'built', build: `${run} ${version}` }
    const relative = diagnostics.map((one) => ({ ...one, file: path.relative(process.cwd(), one.file) }))
    return { type: 'broken', diagnostics: relative }
  }

  return {
    url: `http://127.0.0.1:${address.port}/`,
    builds,
    async close() {
      windows.close()
      sockets.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await builds.close()
    },
  }
}

/** The part that runs in the browser and does not change with the mini-program. */
async function bundleClient(): Promise<string> {
  const { outputFiles } = await bundle({
    entryPoints: [path.join(BROWSER, 'client.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    minify: true,
    // The root package says it has no side effects; this program is nothing else.
    ignoreAnnotations: true,
    keepNames: true,
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  return outputFiles[0]?.text ?? ''
}

function listen(server: http.Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve())
  })
}

/** Another site must not make requests here, neither by a link nor under a host name of its own that leads here. */
function isOurs({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'] ?? 'none'
  const isLocal = /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(headers.host ?? '')
  return isLocal && (site === 'none' || site === 'same-origin')
}

/** Any site may open a socket to any other; browsers only say from where. */
function isSameOrigin({ headers }: IncomingMessage): boolean {
  return headers.origin === `http://${headers.host ?? ''}`
}

function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(body)
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += (chunk as Buffer).length
    if (size > LARGEST_BODY) throw new Error('too large')
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}
