import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'

/** A real database of a test's own: on a free loopback port, its data in a temporary folder, gone afterwards. */
export interface Database {
  url: string
  /** Ends the process the hard way; `start` brings it back at the same address. */
  kill(): Promise<void>
  start(): Promise<void>
  remove(): Promise<void>
}

interface Recipe {
  binary: string
  install: string
  arguments: (folder: string, port: number) => string[]
  prepare?: (folder: string) => Promise<unknown>
  url: (port: number) => string
}

const asUser = () => (userInfo().username === 'root' ? ['--user=root'] : [])

const RECIPES = {
  redis: {
    binary: 'redis-server',
    install: 'apt-get install redis-server',
    arguments: (folder, port) => [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      folder,
      '--save',
      '',
      '--loglevel',
      'warning',
    ],
    url: (port) => `redis://127.0.0.1:${String(port)}`,
  },
  mysql: {
    binary: 'mariadbd',
    install: 'apt-get install mariadb-server',
    prepare: (folder) =>
      promisify(execFile)('mariadb-install-db', [
        '--no-defaults',
        `--datadir=${folder}`,
        '--auth-root-authentication-method=normal',
        ...asUser(),
      ]),
    arguments: (folder, port) => [
      '--no-defaults',
      `--datadir=${folder}`,
      `--socket=${join(folder, 'socket')}`,
      `--pid-file=${join(folder, 'pid')}`,
      `--port=${String(port)}`,
      '--bind-address=127.0.0.1',
      '--innodb-flush-log-at-trx-commit=2',
      ...asUser(),
    ],
    url: (port) => `mysql://root@127.0.0.1:${String(port)}/test`,
  },
} satisfies Record<string, Recipe>

export type DatabaseKind = keyof typeof RECIPES

/** Whether it can be started here; a missing one is said loudly, and is an error where CI promises it. */
export function isInstalled(kind: DatabaseKind): boolean {
  const { binary, install } = RECIPES[kind]
  if (spawnSync(binary, ['--version'], { stdio: 'ignore' }).status === 0) return true
  const text = `${kind}: ${binary} is not installed (${install})`
  if (process.env['CI']) throw new Error(text)
  process.stderr.write(`\n*** SKIPPED: every test on ${text} ***\n\n`)
  return false
}

export async function startDatabase(kind: DatabaseKind): Promise<Database> {
  const recipe: Recipe = RECIPES[kind]
  const folder = mkdtempSync(join(tmpdir(), `example-server-${kind}-`))
  const port = await freePort()
  let running: ChildProcess | undefined
  await recipe.prepare?.(folder)

  const database: Database = {
    url: recipe.url(port),
    async start() {
      running = spawn(recipe.binary, recipe.arguments(folder, port), { stdio: 'ignore' })
      process.once('exit', () => running?.kill('SIGKILL'))
      await until(() => answers(kind, database.url))
    },
    async kill() {
      const dying = running
      running = undefined
      if (!dying) return
      const gone = new Promise((resolve) => dying.once('exit', resolve))
      dying.kill('SIGKILL')
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

async function answers(kind: DatabaseKind, url: string): Promise<void> {
  if (kind === 'redis') {
    const { createClient } = await import('@keyv/redis')
    const client = createClient({ url, socket: { reconnectStrategy: false } })
    client.on('error', () => undefined)
    await client.connect()
    await client.close()
  } else {
    const mysql = await import('mysql2/promise')
    const connection = await mysql.createConnection(url.replace(/\/\w+$/, ''))
    await connection.query('CREATE DATABASE IF NOT EXISTS test')
    await connection.end()
  }
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

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}
