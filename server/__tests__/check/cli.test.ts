import { build } from 'esbuild'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../free-port.ts'

let folder: string
let program: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'session-check-'))
  program = join(folder, 'main.mjs')
  await build({
    entryPoints: [join(__dirname, '../../src/cli/main.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: program,
  })
})
afterAll(() => rmSync(folder, { recursive: true }))

async function run(...words: string[]): Promise<{ code: number | null; output: string; errors: string }> {
  const child = spawn(process.execPath, [program, ...words], {
    cwd: folder,
    env: { ...process.env, XDG_CACHE_HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [output, errors] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, output, errors }
}

/** Gives anybody a token, and asks nobody. */
async function credulous(): Promise<{ server: Server; url: string }> {
  const server = createServer((_, response) => response.end('{"token":"x"}'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

const FIXTURES = join(__dirname, '../../fixtures')

test('a back end that keeps to the protocol ends with 0, a faulty one with 1', async () => {
  const [one, two] = [await freePort(), await freePort()]
  const only = ['--only', 'L1,T1,X3', '--start']
  const [good, faulty] = await Promise.all([
    run('check', `http://127.0.0.1:${one}`, ...only, `exec python3 ${FIXTURES}/python/good.py`),
    run('check', `http://127.0.0.1:${two}`, ...only, `exec python3 ${FIXTURES}/python/faulty.py`),
  ])
  expect(good).toMatchObject({ code: 0, errors: '' })
  expect(good.output).toContain('3 ✓, 0 ✗, 0 –. The protocol holds.')
  expect(faulty.code).toBe(1)
  expect(faulty.output).toContain('expiresIn is 7200000: not seconds from now')
  expect(faulty.output).toContain('> GET /me\n      < 403')
  expect(faulty.output).toContain('PROTOCOL.md, 3.')
})

test('with --json a program can read it', async () => {
  const port = await freePort()
  const start = `exec python3 ${FIXTURES}/python/faulty.py`
  const { output } = await run(
    'check',
    `http://127.0.0.1:${port}`,
    '--json',
    '--only',
    'T1',
    '--start',
    start,
  )
  expect(JSON.parse(output)).toMatchObject([
    { id: 'T1', level: 'must', outcome: 'failed', exchange: { status: 403 } },
  ])
})

describe('what cannot be run ends with 2 and says why', () => {
  test('nobody answers', async () => {
    const { code, errors } = await run('check', `http://127.0.0.1:${await freePort()}`, '--wechat-port', '0')
    expect(code).toBe(2)
    expect(errors).toContain('Nobody answers there: (connect ECONNREFUSED')
    expect(errors).toMatch(
      /It must call http:\/\/127\.0\.0\.1:\d+ in the place of https:\/\/api\.weixin\.qq\.com/,
    )
  })

  test('nobody answers yet, and with --proxy it is told what to start the back end with', async () => {
    const url = `http://127.0.0.1:${await freePort()}`
    const { code, errors } = await run('check', url, '--proxy', '--wechat-port', '0')
    expect(code).toBe(2)
    expect(errors).toMatch(
      /Nobody answers there: \(connect [^]*first\. Its command needs [^]*HTTPS_PROXY='http:\/\/127\.0\.0\.1:\d+'/,
    )
    expect(errors).toContain(`SSL_CERT_FILE='${join(folder, 'miniprogram-session-server/ca.pem')}'`)
  })

  test('the back end never asks the fake', async () => {
    const { server, url } = await credulous()
    const { code, errors } = await run('check', url, '--wechat-port', '0')
    server.close()
    expect(code).toBe(2)
    expect(errors).toContain('never asked the fake WeChat')
  })

  test('the back end does not start', async () => {
    const url = `http://127.0.0.1:${await freePort()}`
    const { code, errors } = await run('check', url, '--start', 'echo no such module >&2; exit 3')
    expect(code).toBe(2)
    expect(errors).toContain('ended: no such module')
  })

  test('an address elsewhere is not spoken to unless that is said', async () => {
    const { code, errors } = await run('check', 'http://192.0.2.1:8080', '--wechat-port', '0')
    expect(code).toBe(2)
    expect(errors).toContain('192.0.2.1 is not this machine')
  })

  test('mistakes in session-check.json, and words that are none', async () => {
    const file = join(folder, 'wrong.json')
    writeFileSync(file, '{ "attach": 7 }')
    expect((await run('check', '--config', file)).errors).toContain('"attach" must be')
    expect((await run('check', '--only', 'L99', '--wechat-port', '0')).errors).toContain('no check L99')
    expect((await run('check', '--wechat-port', 'x')).errors).toContain('--wechat-port must be a number')
    const nothing = await run()
    expect(nothing).toMatchObject({ code: 2, output: '' })
    expect(nothing.errors).toContain('--wechat-port 9100')
  })
})

test('a back end that hangs up is one that is there', async () => {
  const server = createServer((request) => request.socket.destroy())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const words = ['--wechat-port', '0', '--only', 'L1']
  const { code, output } = await run('check', `http://127.0.0.1:${port}`, ...words)
  server.close()
  expect(code).toBe(1)
  expect(output).toContain(
    'a fresh code got no answer, not 200. The fake WeChat was never asked. It must call',
  )
  expect(output).toContain('< (socket hang up)')
})

test('a login that is somewhere else is told of, and where to say so', async () => {
  const server = createServer((_, response) => response.writeHead(404).end('{}'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const words = ['--wechat-port', '0', '--only', 'L1']
  const { output } = await run('check', `http://127.0.0.1:${port}`, ...words)
  server.close()
  expect(output).toContain(
    'a fresh code got 404, not 200. If its login is at another path, say it in session-check.json',
  )
  expect(output).not.toContain('WECHAT_API')
})

test('a port of the fake that is taken is told of, with the option for another one', async () => {
  const { server, url } = await credulous()
  const { port } = new URL(url)
  const [checked, alone] = await Promise.all([
    run('check', url, '--wechat-port', port),
    run('fake-wechat', '--port', port),
  ])
  server.close()
  expect(checked).toMatchObject({
    code: 2,
    errors: expect.stringContaining('take another one: --wechat-port') as string,
  })
  expect(alone).toMatchObject({
    code: 2,
    errors: expect.stringContaining('take another one: --port') as string,
  })
})

/** Written without a thought, as `php -S` serves it: one request after the other, and no deadline for WeChat. */
const ONE_LANE = `
import json, os, urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer
class Handler(BaseHTTPRequestHandler):
    def do_GET(self): self.say(200, {'id': 'x'})
    def do_POST(self):
        code = json.loads(self.rfile.read(int(self.headers['Content-Length'])))['code']
        url = os.environ['WECHAT_API'] + '/sns/jscode2session?appid=a&secret=s&grant_type=authorization_code&js_code=' + code
        said = json.load(urllib.request.urlopen(url))
        self.say(429, {}) if said.get('errcode') else self.say(200, {'token': 't'})
    def say(self, status, body):
        self.send_response(status)
        self.send_header('Retry-After', '60')
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())
HTTPServer(('127.0.0.1', int(os.environ['PORT'])), Handler).serve_forever()
`

test('a platform that hangs costs a back end that waits for ever that one check alone', async () => {
  const file = join(folder, 'one-lane.py')
  writeFileSync(file, ONE_LANE)
  const words = ['--only', 'L8,L6', '--start', `exec python3 ${file}`]
  const { output } = await run('check', `http://127.0.0.1:${await freePort()}`, ...words)
  expect(output).toMatch(/✓ L6 [^]*✗ L8 [^]*the platform hung, and the login got no answer/)
}, 60_000)

test('it prints the tables of a database, and a secret that createAuth takes', async () => {
  const [mysql, postgres, other, secret] = await Promise.all([
    run('schema', 'mysql'),
    run('schema', 'postgres'),
    run('schema', 'oracle'),
    run('secret'),
  ])
  expect(mysql.output.match(/CREATE TABLE IF NOT EXISTS mps_\w+/g)).toHaveLength(4)
  expect(postgres.output.match(/CREATE TABLE IF NOT EXISTS mps_\w+/g)).toHaveLength(4)
  expect(other).toMatchObject({ code: 2, output: '' })
  expect(secret.output).toMatch(/^[0-9a-f]{64}\n$/)
})
