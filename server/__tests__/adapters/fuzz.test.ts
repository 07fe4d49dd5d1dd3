import * as fc from 'fast-check'
import { Agent, request } from 'node:http'
import type { AuthEvent } from '../../src/index.ts'
import { setUp } from '../auth/helpers.ts'
import { APPS, type Running } from './apps.ts'
import { runs } from '../../../__tests__/runs.ts'

interface Sent {
  method: string
  path: string
  headers: Record<string, string>
  body: Uint8Array
}

interface Told {
  status: number
  type: string
  text: string
}

function ask({ url }: Running, { method, path, headers, body }: Sent, agent: Agent): Promise<Told> {
  return new Promise((resolve, reject) => {
    const length = { 'content-length': String(body.length) }
    const asked = request(
      `${url}${path}`,
      { method, agent, headers: { ...headers, ...length } },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject)
        response.on('end', () => {
          const { statusCode = 0, headers } = response
          resolve({
            status: statusCode,
            type: headers['content-type'] ?? '',
            text: Buffer.concat(chunks).toString('utf8'),
          })
        })
      },
    )
    asked.on('error', reject).end(body)
  })
}

/** In place of it goes a token that is good. */
const GOOD = 'Bearer GOOD'
const PATHS = [
  '/login',
  '/logout',
  '/sessions',
  '/sessions/abc',
  '/sessions/%00',
  '/phone',
  '/open-data',
] as const
const path = fc
  .tuple(fc.constantFrom(...PATHS), fc.constantFrom('', '?code=x', '?', '/', '//', '%2e', ';a=b'))
  .map(([where, more]) => `/api${where}${more}`)
/** What a header's value may hold: Node's own client sends nothing else. */
const value = fc.oneof(
  fc.string({
    unit: fc
      .integer({ min: 0x20, max: 0xff })
      .filter((code) => code !== 0x7f)
      .map((code) => String.fromCharCode(code)),
    maxLength: 300,
  }),
  fc.constantFrom(
    'Bearer ',
    'Bearer x',
    `Bearer mps_${'A'.repeat(43)}`,
    'application/json',
    'text/plain',
    ';;',
  ),
  fc.constantFrom('application/json; charset=utf-16', 'multipart/form-data; boundary=', 'gzip', 'PATCH'),
)
const headers = fc.dictionary(
  fc.constantFrom(
    ...['authorization', 'cookie', 'content-type', 'content-encoding', 'accept', 'x-forwarded-for'],
    ...['x-http-method-override', 'range', 'if-none-match', 'origin'],
  ),
  value,
  { maxKeys: 4 },
)
const body = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.json().map((text) => Buffer.from(text)),
  fc
    .record({ code: fc.jsonValue(), app: fc.jsonValue(), data: fc.jsonValue(), rawData: fc.jsonValue() })
    .map((given) => Buffer.from(JSON.stringify(given))),
)
const PROTECTED = expect.stringMatching(/sessions|phone|open-data/) as string
const requests: fc.Arbitrary<Sent> = fc.record({
  method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'),
  path,
  headers,
  body,
})

test.each(Object.entries(APPS))(
  'whatever is sent to %s is no mistake of the server, and a 401 only for want of a good token',
  async (_, start) => {
    const { auth, login } = setUp({ limits: false, share: 0 })
    const mistakes: AuthEvent[] = []
    auth.on((event) => {
      if (event.type === 'internal') mistakes.push(event)
    })
    const app = await start(auth)
    const agent = new Agent({ keepAlive: true })
    const fuzz = fc.assert(
      fc.asyncProperty(requests, async (given) => {
        const isGood = given.headers['authorization'] === GOOD
        const more = isGood ? { authorization: `Bearer ${await login('alice')}` } : {}
        const sent = { ...given, headers: { ...given.headers, ...more } }
        const { status, type, text } = await ask(app, sent, agent)
        expect(mistakes).toEqual([])
        expect(status).toBeGreaterThanOrEqual(200)
        expect(status).toBeLessThan(500)
        if (status === 401) expect([given.path, isGood]).toEqual([PROTECTED, false])
        if (text.startsWith('{"error":{"code"')) expect(type).toMatch(/^application\/json/)
      }),
      runs(1000),
    )
    await fuzz.finally(() => {
      agent.destroy()
      return app.close()
    })
  },
  120_000,
)
