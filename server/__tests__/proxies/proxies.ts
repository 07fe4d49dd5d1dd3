import { spawn, spawnSync } from 'node:child_process'
import { chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { connect } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { until } from '../databases.ts'
import { freePort } from '../free-port.ts'

/** A real proxy of a test's own: on a free loopback port of both families, its files in a temporary folder. */
export interface Proxy {
  port: number
  /** takes the PROXY protocol, as of a cloud's balancer: there a phone has whatever address */
  balanced: number
  remove(): Promise<void>
}

interface Recipe {
  install: string
  version: string
  /** what the README says to write, in `site`; the rest is as Debian has it, but for what takes root, and one process */
  files: (folder: string, site: string) => Record<string, string>
  words: (folder: string) => string[]
}

const SERVERS = /127\.0\.0\.1:(3000|3001)/g
const OWN = { nginx: '  listen 80;\n  listen [::]:80;\n', haproxy: '  bind :80\n' }
/** Of this machine alone. */
const LISTENS = {
  nginx: (port: number, balanced: number) =>
    [
      `  listen 127.0.0.1:${port};`,
      `  listen [::1]:${port};`,
      `  listen 127.0.0.1:${balanced} proxy_protocol;`,
      '  set_real_ip_from 127.0.0.1;',
      '  real_ip_header proxy_protocol;',
      '',
    ].join('\n'),
  haproxy: (port: number, balanced: number) =>
    `  bind 127.0.0.1:${port},[::1]:${port}\n  bind 127.0.0.1:${balanced} accept-proxy\n`,
}

const RECIPES = {
  nginx: {
    install: 'apt-get install nginx',
    version: '-v',
    files: (folder, site) => ({
      'nginx.conf': [
        `worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;`,
        'events { worker_connections 4096; }',
        'http {',
        '  access_log off;',
        ...['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
          (name) => `  ${name}_temp_path ${folder}/${name};`,
        ),
        site,
        '}',
      ].join('\n'),
    }),
    words: (folder) => [
      ...['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')],
      ...['-g', 'daemon off;'],
    ],
  },
  haproxy: {
    install: 'apt-get install haproxy',
    version: '-v',
    files: (_folder, site) => ({
      'haproxy.cfg': [
        ...['global', '  maxconn 4096', '  nbthread 1'],
        ...['defaults', '  mode http', '  timeout connect 5000', '  timeout client 50000'],
        ...['  timeout server 50000', site, ''],
      ].join('\n'),
    }),
    words: (folder) => ['-db', '-f', join(folder, 'haproxy.cfg')],
  },
} satisfies Record<string, Recipe>

export type ProxyKind = keyof typeof RECIPES

/** Debian has them where only root looks. */
const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` }

/** `describe`, or `describe.skip` where it is not installed: said loudly, and an error where CI promises it. */
export function describeBehind(kind: ProxyKind): jest.Describe {
  const { install, version } = RECIPES[kind]
  if (spawnSync(kind, [version], { stdio: 'ignore', env }).status === 0) return describe
  const text = `${kind}: it is not installed (${install})`
  if (process.env['CI']) throw new Error(text)
  process.stderr.write(`\n*** SKIPPED: every test on ${text} ***\n\n`)
  return describe.skip
}

/** Whoever starts the tests as root has its proxies run as nobody. */
function nobody(folder: string): { uid?: number; gid?: number } {
  if (userInfo().uid !== 0) return {}
  const [uid, gid] = [65534, 65534]
  chownSync(folder, uid, gid)
  return { uid, gid }
}

/**
 * Behind it are the servers at `ports`, of which it is told as the README says; `locations` are added to nginx's. Where
 * there is one server, the README's second one is left out.
 */
export async function startProxy(kind: ProxyKind, ports: number[], locations = ''): Promise<Proxy> {
  const recipe: Recipe = RECIPES[kind]
  const folder = mkdtempSync(join(tmpdir(), `mps-${kind}-`))
  const [port, balanced] = [await freePort(), await freePort()]
  for (const [name, text] of Object.entries(
    recipe.files(folder, siteOf(kind, ports, [port, balanced], locations)),
  )) {
    writeFileSync(join(folder, name), text)
  }
  const user = nobody(folder)
  const running = spawn(kind, recipe.words(folder), {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    env,
    ...user,
  })
  let said = ''
  running.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const ended = once(running, 'exit')
  const last = () => running.kill('SIGKILL')
  process.once('exit', last)
  const remove = async () => {
    // At once, its worker too: it has clients that are kept alive.
    running.kill('SIGTERM')
    if (running.exitCode === null && running.signalCode === null) await ended
    process.off('exit', last)
    rmSync(folder, { recursive: true, force: true })
  }
  await until(async () => {
    if (running.exitCode !== null) throw new Error(`${kind} ended: ${said}`)
    await isOpen(port)
  }).catch(async (error: unknown) => {
    await remove()
    throw error
  })
  return { port, balanced, remove }
}

async function isOpen(port: number): Promise<void> {
  const socket = connect(port, '::1')
  await once(socket, 'connect')
  socket.destroy()
}

const README = readFileSync(join(__dirname, '../../README.md'), 'utf8')

/** The README's words, with the ports of this run. */
function siteOf(
  kind: ProxyKind,
  ports: number[],
  [own, balanced]: [number, number],
  locations: string,
): string {
  const [, text = ''] = new RegExp(`^\`\`\`${kind}\\n([^]*?)^\`\`\``, 'm').exec(README) ?? []
  const all = { 3000: ports[0], 3001: ports[1] }
  const lines = text.split('\n').filter((line) => ports.length > 1 || !line.includes(':3001'))
  const site = lines
    .join('\n')
    .replace(SERVERS, (_, port: '3000' | '3001') => `127.0.0.1:${String(all[port])}`)
    .replace(OWN[kind], LISTENS[kind](own, balanced))
  return locations === '' ? site : site.replace(/(\n {2}location)/, `\n${locations}$1`)
}
