import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { mintCode } from 'miniprogram-session-server/testing'
import { post, startProcess, type ServerProcess } from './processes.ts'

jest.setTimeout(120_000)

const REQUESTS = 10_000
/** Fixed, so that a failure comes back; another seed is another ten thousand requests. */
const SEED = Number(process.env['FUZZ_SEED'] ?? 1)

/** mulberry32: small, and the same everywhere. */
function createRandom(seed: number) {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    below,
    pick: <T>(from: readonly T[]): T => from[below(from.length)] as T,
    bytes: (limit: number) => Buffer.from(Array.from({ length: below(limit) }, () => below(256))),
  }
}

const random = createRandom(SEED)
const { below, pick, bytes } = random
const PATHS = [
  '/login',
  '/me',
  '/orders',
  '/orders?page=',
  '/avatar',
  '/open-data',
  '/phone',
  '/logout',
].concat('/sessions', '/sessions/', '/avatars/', '/openapi.json', '/healthz', '/')
const METHODS = [
  'GET',
  'GET',
  'POST',
  'POST',
  'POST',
  'PUT',
  'DELETE',
  'PATCH',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'BREW',
]
const TYPES = [
  'application/json',
  'application/json; charset=latin1',
  'multipart/form-data; boundary=b',
  'text/plain',
].concat('multipart/form-data', 'application/x-www-form-urlencoded', '', '\xff')
const FIELDS = [
  'code',
  'title',
  'amount',
  'nickname',
  'rawData',
  'signature',
  'encryptedData',
  'iv',
  '__proto__',
]
const VALUES = [
  '""',
  'null',
  '-1',
  '1e400',
  '[]',
  '{}',
  '"\\ud800"',
  '"\\u0000"',
  `"${'A'.repeat(5000)}"`,
  'tru',
  '"%00"',
].concat(`"${'茶'.repeat(70)}"`, '0.5', '9007199254740993', '"AAAAAAAAAAAAAAAAAAAAAA=="', '{"$gt":""}')
const TAILS = [
  '',
  '%',
  '%00',
  '%ff',
  '..%2f..%2fetc%2fpasswd',
  '-1',
  '1e9',
  'x'.repeat(9000),
  '?a[]=1&a[]=2',
  '?page=1&page=2',
].concat('0'.repeat(16), `${'0'.repeat(64)}.png`, '//', '?%', '\xff')

const jsonBody = () =>
  Buffer.from(
    `{${Array.from({ length: 1 + below(4) }, () => `"${pick(FIELDS)}":${pick(VALUES)}`).join(',')}}`,
  )
const formBody = () =>
  Buffer.concat([
    Buffer.from(`--b\r\nContent-Disposition: form-data; name="${pick(['file', '', '__proto__'])}"`),
    Buffer.from(
      pick(['; filename="a.png"\r\n\r\n', '\r\n\r\n', '', '; filename="../../a"\r\nContent-Type: x\r\n\r\n']),
    ),
    bytes(200),
    Buffer.from(pick(['\r\n--b--\r\n', '\r\n--b\r\n', '', '\r\n--b--'])),
  ])
const nested = () => Buffer.from('['.repeat(below(60_000)))

interface Malformed {
  bytes: Buffer
  /** whether the server may wait for more of it */
  isCutShort: boolean
}

/** One request, wrong in one way or in several. Now and then not HTTP at all. */
function malformed(token: string): Malformed {
  if (below(50) === 0) return { bytes: bytes(300), isCutShort: true }
  const body = pick([jsonBody, jsonBody, formBody, nested, () => bytes(300), () => Buffer.alloc(0)])()
  // Too long a length is a body cut short, too short a one is garbage after the request.
  const length = body.length + (below(5) ? 0 : pick([1, -1, 100_000, 50_000_000]))
  const authorization = below(4) ? `Bearer ${token}` : pick(['Bearer x', 'Basic eA==', '\xff', ''])
  const framing = pick([
    `content-length: ${length}`,
    `content-length: ${length}`,
    'transfer-encoding: chunked',
    'content-length: x',
  ])
  const head = [
    `${pick(METHODS)} ${pick(PATHS)}${below(3) ? '' : pick(TAILS)} HTTP/1.1`,
    'host: x',
    `authorization: ${authorization}`,
    `content-type: ${pick(TYPES)}`,
    framing,
    'connection: close',
  ]
  return {
    bytes: Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), body]),
    isCutShort: length > body.length || framing.startsWith('transfer'),
  }
}

/**
 * Sends bytes and reads what comes until the server hangs up. Says that there are no more only where the server
 * would wait for them: Node takes a FIN for "gone", and an answer that is not ready by then is lost.
 */
function exchange(port: number, { bytes, isCutShort }: Malformed): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect({ port, host: '127.0.0.1' }, () => {
      if (isCutShort) socket.end(bytes)
      else socket.write(bytes)
    })
    socket.setEncoding('latin1').on('data', (chunk: string) => (answer += chunk))
    socket.on('error', () => undefined).on('close', () => resolve(answer))
  })
}

const residentMegabytes = (server: ServerProcess) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(server.pid)}/status`, 'utf8'))?.[1]) / 1024

test(`${REQUESTS} malformed requests get an answer that is no 5xx, and the server neither grows nor forgets`, async () => {
  const server = await startProcess({ LOG_LEVEL: 'error' })
  const port = Number(new URL(server.address).port)
  const headers = async () => ({ authorization: `Bearer ${await login()}` })
  const login = async () => (await post(server, '/login', { code: mintCode('victim') }))['token'] as string
  const statuses = new Map<string, number>()
  const failures: string[] = []
  let token = await login()

  async function run(count: number) {
    let left = count
    const worker = async () => {
      while (left-- > 0) {
        const request = malformed(token)
        const answer = await exchange(port, request)
        const status = answer.slice(9, 12)
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
        const isUnanswered = status === '' && request.bytes.length > 0
        if (isUnanswered || status.startsWith('5') || / at .*\.ts:/.test(answer))
          failures.push(`${request.bytes.toString('latin1').slice(0, 300)} -> ${answer}`)
      }
    }
    await Promise.all(Array.from({ length: 16 }, worker))
    // DELETE /sessions and POST /logout may be among them, and then the token is spent.
    token = await login()
  }

  await run(REQUESTS * 0.4)
  const before = residentMegabytes(server)
  await run(REQUESTS * 0.6)
  const growth = residentMegabytes(server) - before
  expect(failures.slice(0, 3)).toEqual([])
  expect(growth).toBeLessThan(40)
  const me = await fetch(`${server.address}/me`, { headers: await headers() })
  expect(me.status).toBe(200)
  expect(server.output()).not.toMatch(/"level":(50|60)/)
  process.stdout.write(
    `fuzz: ${JSON.stringify(Object.fromEntries(statuses))}, ${growth.toFixed(1)} MB more\n`,
  )
  server.signal('SIGKILL')
  await server.ended
})
