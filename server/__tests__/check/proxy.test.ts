import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { request } from 'node:http'
import { spawnSync } from 'node:child_process'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, createServer } from 'node:tls'
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { readMapping } from '../../src/check/mapping.ts'
import { openAuthority } from '../../src/check/proxy/authority.ts'
import { certifyServer } from '../../src/check/proxy/certificate.ts'
import { startProxy } from '../../src/check/proxy/proxy.ts'
import { formatReport } from '../../src/check/report.ts'
import { check, type Result } from '../../src/check/run.ts'
import { startFakeWeChat } from '../../src/testing.ts'
import { freePort } from '../free-port.ts'

/** What is missing is said loudly, and is an error where CI promises it. */
function isInstalled(command: string, version: string, install: string): boolean {
  if (spawnSync(command, [version], { stdio: 'ignore' }).status === 0) return true
  const text = `${command} is not installed (apt-get install ${install})`
  if (process.env['CI']) throw new Error(text)
  process.stderr.write(`\n*** SKIPPED: every test on ${text} ***\n\n`)
  return false
}

const FIXTURES = join(__dirname, '../../fixtures')
const HOUR = 3_600_000
const NAME = 'api.weixin.qq.com'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'session-check-proxy-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('the authority', () => {
  test('is good for two days, and for one name', () => {
    const authority = openAuthority(folder)
    const ca = new X509Certificate(readFileSync(authority.file))
    const server = new X509Certificate(authority.server.cert)
    expect(ca.ca).toBe(true)
    expect(Date.parse(ca.validTo)).toBeLessThanOrEqual(Date.now() + 48 * HOUR)
    expect([server.verify(ca.publicKey), server.checkIssued(ca)]).toEqual([true, true])
    expect([server.checkHost(NAME), server.checkHost('example.com')]).toEqual([NAME, undefined])
  })

  const strict = isInstalled('openssl', 'version', 'openssl') ? test : test.skip
  strict('is good in the eyes of the strict', () => {
    const authority = openAuthority(folder)
    const words = ['verify', '-x509_strict', '-purpose', 'sslserver', '-verify_hostname', NAME]
    const { stdout } = spawnSync('openssl', [...words, '-CAfile', authority.file], {
      input: authority.server.cert,
      encoding: 'utf8',
    })
    expect(stdout).toContain('stdin: OK')
  })

  test('is believed about no other name, whoever has its key', async () => {
    const { file } = openAuthority(folder)
    const signer = createPrivateKey(readFileSync(join(folder, 'ca-key.pem')))
    const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
    const shown = (host: string) =>
      new Promise<string>((resolve) => {
        const cert = certifyServer(key, signer, { from: Date.now() - HOUR, to: Date.now() + HOUR, host })
        const server = createServer({ key: key.export({ type: 'pkcs8', format: 'pem' }), cert })
        server.on('tlsClientError', () => undefined)
        const done = (word: string) => server.close(() => resolve(word))
        server.listen(0, '127.0.0.1', () => {
          const { port } = server.address() as AddressInfo
          const socket = connect({ port, host: '127.0.0.1', servername: host, ca: readFileSync(file) })
          socket.once('secureConnect', () => socket.end()).once('close', () => done('believed'))
          socket.once('error', ({ message }: Error) => done(message))
        })
      })
    expect(await shown(NAME)).toBe('believed')
    expect(await shown('example.com')).toBe('permitted subtree violation')
  })

  test('is kept for a day, so that a back end need not be started anew, and then made anew', () => {
    const now = Date.now()
    const serial = (at: number) =>
      new X509Certificate(readFileSync(openAuthority(folder, at).file)).serialNumber
    const first = serial(now)
    expect(serial(now + 30 * HOUR)).toBe(first)
    const next = serial(now + 40 * HOUR)
    expect(next).not.toBe(first)
    expect(statSync(join(folder, 'ca-key.pem')).mode & 0o777).toBe(0o600)
    // What is no key is none, and made anew too.
    rmSync(join(folder, 'ca-key.pem'))
    expect(serial(now)).not.toBe(next)
  })
})

describe('the proxy', () => {
  async function ask(to: string, path = '/'): Promise<number> {
    const fake = await startFakeWeChat()
    const proxy = await startProxy({ port: 0, target: fake.url, authority: openAuthority(folder) })
    const url = new URL(proxy.env['HTTPS_PROXY'] ?? '')
    const status = await new Promise<number>((resolve, reject) => {
      const method = path === '/' ? 'CONNECT' : 'GET'
      const asking = request({ host: url.hostname, port: url.port, method, path: path === '/' ? to : path })
      asking.on('connect', (response, socket) => {
        socket.destroy()
        resolve(response.statusCode ?? 0)
      })
      asking.on('response', (response) => resolve(response.resume().statusCode ?? 0))
      asking.on('error', reject).end()
    })
    await proxy.close()
    await fake.close()
    return status
  }

  test.each([
    [`${NAME}:443`, 200],
    [`${NAME}:80`, 403],
    ['example.com:443', 403],
    ['127.0.0.1:22', 403],
  ])('asked for %s answers %i', async (to, status) => {
    expect(await ask(to)).toBe(status)
  })

  test.each([
    [`http://${NAME}/sns/jscode2session`, 403],
    ['https://example.com/sns/jscode2session', 403],
    [`https://${NAME}@example.com/sns/jscode2session`, 403],
    ['/sns/jscode2session', 403],
    // axios before 1.16 asks a proxy so, and opens no tunnel.
    [`https://${NAME}/sns/jscode2session?js_code=x`, 200],
    [`https://${NAME}:443/sns/jscode2session?js_code=x`, 200],
  ])('asked to fetch %s answers %i', async (path, status) => {
    expect(await ask('', path)).toBe(status)
  })
})

describe('a back end that knows WeChat’s address by heart', () => {
  const only = ['L1', 'L2', 'L3', 'L9', 'L10', 'L13', 'X1']
  async function run(command: string, language: string): Promise<Result[]> {
    return check({
      url: `http://127.0.0.1:${await freePort()}`,
      mapping: readMapping({ start: command }),
      cwd: join(FIXTURES, language),
      proxy: folder,
      only,
    })
  }
  /** The fixture keeps away from proxies; written without a thought urllib takes the environment's. */
  const thoughtless = `import re; exec(open('good.py').read().replace('ProxyHandler({})', 'ProxyHandler()'))`
  const python = `exec python3 -c "${thoughtless}"`

  const languages = [
    { language: 'python', command: python, version: ['python3', '--version', 'python3'] },
    { language: 'go', command: 'exec go run good.go', version: ['go', 'version', 'golang-go'] },
    {
      language: 'java',
      command: 'exec java Good.java',
      version: ['java', '-version', 'default-jdk-headless'],
    },
  ].filter(({ version: [name = '', word = '', install = ''] }) => isInstalled(name, word, install))

  test.each(languages)(
    'in $language is checked as any other',
    async ({ language, command }) => {
      const results = await run(command, language)
      expect(formatReport(results)).toMatch(/^7 ✓, 0 ✗, 0 –\. The protocol holds\.$/m)
    },
    90_000,
  )

  test('is told what to be started with, if it does not trust the proxy', async () => {
    const [login] = await run(`SSL_CERT_FILE= ${python}`, 'python')
    expect(login).toMatchObject({ id: 'L1', outcome: 'failed' })
    expect(login?.why).toMatch(/It did not trust the proxy \([a-z0-9 ]+\)\. Its command needs/)
    expect(login?.why).toContain(`SSL_CERT_FILE='${join(folder, 'ca.pem')}'`)
  })

  test('is told the same, if it does not come to the proxy at all', async () => {
    const [login] = await run('exec python3 good.py', 'python')
    expect(login?.why).toMatch(/The fake WeChat was never asked\. Its command needs [^]*HTTPS_PROXY='http:/)
  })
})
