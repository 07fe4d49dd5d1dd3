import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from './free-port.ts'

/** A real database of a test's own: on a free loopback port, its data in a temporary folder, gone afterwards. */
export interface Database {
  kind: DatabaseKind
  port: number
  url: string
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void
  /** Ends it the hard way; `start` brings it back at the same address. */
  kill(): Promise<void>
  start(): Promise<void>
  remove(): Promise<void>
}

interface Recipe {
  binary: string
  install: string
  words: (folder: string, port: number) => string[]
  url: (port: number) => string
  prepare?: (folder: string) => void
  answers: (port: number) => Promise<unknown>
}

const isRoot = userInfo().uid === 0
const asUser = () => (isRoot ? ['--user=root'] : [])

/** Debian keeps the server of each version out of the path. */
function postgresFolder(): string {
  const folder = '/usr/lib/postgresql'
  const versions = existsSync(folder) ? readdirSync(folder).sort((a, b) => Number(b) - Number(a)) : []
  return versions[0] === undefined ? '' : join(folder, versions[0], 'bin')
}

/** PostgreSQL refuses to run as root: Debian's package brings a user for it. */
function postgresUser(): { uid?: number; gid?: number } {
  if (!isRoot) return {}
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

const RECIPES = {
  redis: {
    binary: 'redis-server',
    install: 'apt-get install redis-server',
    words: (folder, port) => [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder],
      ...['--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec'],
    ],
    url: (port) => `redis://127.0.0.1:${port}`,
    async answers(port): Promise<void> {
      const { createClient } = await import('@redis/client')
      const client = createClient({ url: RECIPES.redis.url(port), socket: { reconnectStrategy: false } })
      client.on('error', () => undefined)
      await client.connect()
      await client.close()
    },
  },
  mysql: {
    binary: 'mariadbd',
    install: 'apt-get install mariadb-server',
    prepare: (folder) =>
      void execFileSync(
        'mariadb-install-db',
        ['--no-defaults', `--datadir=${folder}`, '--auth-root-authentication-method=normal', ...asUser()],
        { stdio: ['ignore', 'ignore', 'pipe'] },
      ),
    words: (folder, port) => [
      ...['--no-defaults', `--datadir=${folder}`, `--socket=${join(folder, 'socket')}`],
      ...[`--pid-file=${join(folder, 'pid')}`, `--port=${port}`, '--bind-address=127.0.0.1'],
      ...['--innodb-flush-log-at-trx-commit=2', ...asUser()],
    ],
    url: (port) => `mysql://root@127.0.0.1:${port}/test`,
    async answers(port) {
      const mysql = await import('mysql2/promise')
      const connection = await mysql.createConnection({ host: '127.0.0.1', port, user: 'root' })
      await connection.query('CREATE DATABASE IF NOT EXISTS test')
      await connection.end()
    },
  },
  postgres: {
    binary: join(postgresFolder(), 'postgres'),
    install: 'apt-get install postgresql',
    prepare(folder) {
      const user = postgresUser()
      if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid)
      const words = [
        '-D',
        join(folder, 'data'),
        '-U',
        'root',
        '--auth=trust',
        '--encoding=UTF8',
        '--locale=C',
      ]
      execFileSync(join(postgresFolder(), 'initdb'), words, { stdio: 'ignore', cwd: folder, ...user })
    },
    words: (folder, port) => [
      ...['-D', join(folder, 'data'), '-p', String(port), '-k', folder],
      ...['-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off', '-c', 'max_connections=200'],
    ],
    url: (port) => `postgres://root@127.0.0.1:${port}/postgres`,
    async answers(port) {
      const { Client } = await import('pg')
      const client = new Client({ host: '127.0.0.1', port, user: 'root', database: 'postgres' })
      client.on('error', () => undefined)
      await client.connect()
      await client.end()
    },
  },
} satisfies Record<string, Recipe>

export type DatabaseKind = keyof typeof RECIPES

/** `describe`, or `describe.skip` where it is not installed. */
export const describeOn = (kind: DatabaseKind): jest.Describe =>
  isInstalled(kind) ? describe : describe.skip

/** Whether it can be started here; a missing one is said loudly, and is an error where CI promises it. */
export function isInstalled(kind: DatabaseKind): boolean {
  const { binary, install } = RECIPES[kind]
  if (spawnSync(binary, ['--version'], { stdio: 'ignore' }).status === 0) return true
  const text = `${kind}: ${binary} is not installed (${install})`
  if (process.env['CI']) throw new Error(text)
  process.stderr.write(`\n*** SKIPPED: every test on ${text} ***\n\n`)
  return false
}

/** MariaDB's installer has been seen to fail at its very end, all its tables there: once more, and then it is told. */
function preparedFolder(kind: DatabaseKind, tries = 2): string {
  const recipe: Recipe = RECIPES[kind]
  const folder = mkdtempSync(join(tmpdir(), `mps-${kind}-`))
  try {
    recipe.prepare?.(folder)
    return folder
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    if (tries === 1) throw error
    return preparedFolder(kind, tries - 1)
  }
}

export async function startDatabase(kind: DatabaseKind): Promise<Database> {
  const recipe: Recipe = RECIPES[kind]
  const folder = preparedFolder(kind)
  const port = await freePort()
  let running: ChildProcess | undefined
  process.once('exit', () => signal('SIGKILL'))

  /**
   * PostgreSQL has a process for each connection: all of them, and first the one that makes them. What is to stop has stopped when
   * this returns: on a busy machine it may yet answer something otherwise.
   */
  function signal(name: NodeJS.Signals): void {
    if (running?.pid === undefined || running.exitCode !== null) return
    const children = readFileSync(`/proc/${running.pid}/task/${running.pid}/children`, 'utf8').split(' ')
    for (const pid of [running.pid, ...children.map(Number)]) {
      try {
        if (pid > 0) process.kill(pid, name)
        while (pid > 0 && name === 'SIGSTOP' && !hasStopped(pid));
      } catch {
        // Its connection ended meanwhile.
      }
    }
  }

  const database: Database = {
    kind,
    port,
    url: recipe.url(port),
    signal,
    async start() {
      const user = kind === 'postgres' ? postgresUser() : {}
      // A server that was killed leaves this behind, and does not start while its number may be somebody's.
      rmSync(join(folder, 'data', 'postmaster.pid'), { force: true })
      const words = recipe.words(folder, port)
      running = spawn(recipe.binary, words, { stdio: 'ignore', cwd: folder, ...user })
      await until(() => recipe.answers(port))
    },
    async kill() {
      const dying = running
      if (!dying) return
      const gone = new Promise((resolve) => dying.once('exit', resolve))
      signal('SIGKILL')
      running = undefined
      await gone
    },
    async remove() {
      await database.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  await database.start()
  return database
}

/** All its threads have; the state stands behind the name, which may have anything in it. */
function hasStopped(pid: number): boolean {
  return readdirSync(`/proc/${pid}/task`).every((thread) =>
    /\) [TZ] /.test(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8')),
  )
}

/** Asks until there is no complaint: for things that have no event to wait for. */
export async function until(check: () => Promise<unknown>, patience = 20_000): Promise<void> {
  const end = Date.now() + patience
  for (;;) {
    try {
      await check()
      return
    } catch (error) {
      if (Date.now() > end) throw error
      await wait(50)
    }
  }
}
