import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Database } from '../../server/__tests__/databases.ts'

const MAIN = fileURLToPath(new URL('../../example-server/src/dev/main.ts', import.meta.url))

/** The example server as a process of its own, which dies and comes back; its sessions live on in the database. */
export class ServerProcess {
  address = ''
  kills = 0
  private child: ChildProcess | undefined
  private readonly uploads = mkdtempSync(join(tmpdir(), 'chaos-'))

  constructor(private readonly database: Database) {
    process.once('exit', () => this.child?.kill('SIGKILL'))
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, ['--import', 'tsx', MAIN], {
      env: {
        PATH: process.env['PATH'],
        NODE_ENV: 'development',
        PORT: '0',
        LOG_LEVEL: 'silent',
        STORE_URL: this.database.url,
        SESSION_SECRETS: '07'.repeat(32),
        UPLOAD_DIR: this.uploads,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.child = child
    this.address = await new Promise<string>((resolve) => {
      let output = ''
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString()
        const [, found] = /example-server at (\S+)/.exec(output) ?? []
        if (found !== undefined) resolve(found)
      })
      child.once('exit', (code) => {
        // By itself: nothing that is seen after that is worth a judge's time.
        if (this.child === child) throw new Error(`the server ended with ${String(code)}: ${output}`)
      })
    })
  }

  /** Without a word, as a machine that loses its power. */
  async kill(): Promise<void> {
    const { child } = this
    if (!child) return
    this.child = undefined
    const gone = new Promise((resolve) => child.once('exit', resolve))
    // One that has died by itself is gone already, and says so no more.
    if (child.kill('SIGKILL')) await gone
    this.kills++
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.child?.kill(signal)
  }

  /** Kills the sessions of one user, or all. */
  async expire(user?: string): Promise<void> {
    const answer = await fetch(`${this.address}/dev/expire`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(user === undefined ? {} : { user }),
    })
    if (answer.status !== 204) throw new Error(`/dev/expire answered ${answer.status}`)
  }

  async close(): Promise<void> {
    await this.kill()
    rmSync(this.uploads, { recursive: true, force: true })
  }
}
