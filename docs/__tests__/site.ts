import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { gzipSync } from 'node:zlib'

const DIST = path.join(__dirname, '../.vitepress/dist')
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
}

export interface Site {
  /** Where it lies, `/` at its end. */
  url: string
  /** Bytes that went out so far, gzipped as a host would. */
  sent: number
  /** What was asked for and is not there. */
  missing: string[]
  stop(): Promise<void>
}

/** The built site as a host of files serves it: addresses without `.html`, under the folder that it was built for. */
export async function serveSite(): Promise<Site> {
  if (!existsSync(path.join(DIST, 'index.html')))
    throw new Error('The site is not built: npm ci --ignore-scripts --prefix docs && npm run docs:build')
  const [, base = '/'] = /"(\/[^"]*)assets\//.exec(readFileSync(path.join(DIST, 'index.html'), 'utf8')) ?? []
  const site: Site = { url: '', sent: 0, missing: [], stop: () => Promise.resolve() }
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site')
    const file = pathname.startsWith(base) ? fileOf(decodeURI(pathname.slice(base.length))) : undefined
    if (file === undefined) {
      site.missing.push(pathname)
      response.writeHead(404).end()
      return
    }
    const body = gzipSync(readFileSync(file))
    site.sent += body.byteLength
    const type = TYPES[path.extname(file)] ?? 'application/octet-stream'
    response.writeHead(200, { 'content-type': type, 'content-encoding': 'gzip' }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  site.url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}${base}`
  site.stop = () =>
    new Promise((resolve) => {
      server.close(() => {
        resolve()
      })
      server.closeAllConnections()
    })
  return site
}

function fileOf(address: string): string | undefined {
  return [address, `${address}.html`, path.join(address, 'index.html')]
    .map((file) => path.join(DIST, file))
    .find((file) => file.startsWith(DIST) && existsSync(file) && statSync(file).isFile())
}
