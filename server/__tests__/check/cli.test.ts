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
  })

  test('nobody answers yet, and with --proxy it is told what to start the back end with', async () => {
    const url = `http://127.0.0.1:${await freePort()}`
    const { code, errors } = await run('check', url, '--proxy', '--wechat-port', '0')
    expect(code).toBe(2)
    expect(errors).toMatch(
      /Nobody answers there: [^]*start it with [^]*HTTPS_PROXY='http:\/\/127\.0\.0\.1:\d+'/,
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
