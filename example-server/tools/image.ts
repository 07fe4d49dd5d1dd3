import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Follows the Dockerfile without Docker, each stage in an empty folder: the files it copies and no others, its npm
 * commands, then its CMD and HEALTHCHECK, and a SIGTERM. `npm run image`. What it cannot show is what Docker adds:
 * the base image, the user, the volume.
 */
const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const FILE = join(ROOT, 'example-server/Dockerfile')
const folder = mkdtempSync(join(tmpdir(), 'example-server-image-'))

interface Stage {
  root: string
  workdir: string
  env: Record<string, string>
  /** `CMD` and `HEALTHCHECK`, as lists of words */
  commands: Record<string, string[]>
}

const words = (text: string): string[] => text.split(/\s+/).filter(Boolean)
const instructions = readFileSync(FILE, 'utf8')
  .replace(/^#.*\n/gm, '')
  .replace(/\\\n/g, ' ')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => /^(\w+)\s+(.*)$/.exec(line)?.slice(1) as [string, string])

/** Names, at any depth, that stay out of the build: the ignore file has no other kind of line. */
const ignored = new Set(words(readFileSync(`${FILE}.dockerignore`, 'utf8')).map((line) => basename(line)))

const stages = new Map<string, Stage>()
let stage: Stage

const run: Record<string, (rest: string) => void> = {
  FROM(rest) {
    const name = / AS (\w+)/i.exec(rest)?.[1] ?? 'image'
    stage = { root: join(folder, name), workdir: '/', env: {}, commands: {} }
    stages.set(name, stage)
  },
  WORKDIR(rest) {
    stage.workdir = rest
    mkdirSync(join(stage.root, rest), { recursive: true })
  },
  ENV(rest) {
    for (const pair of words(rest)) stage.env[pair.split('=')[0] ?? ''] = pair.slice(pair.indexOf('=') + 1)
  },
  COPY(rest) {
    const [, from, list = ''] = /^(?:--from=(\w+)\s+)?(.*)$/.exec(rest) ?? []
    const sources = words(list)
    const target = sources.pop() ?? ''
    const source = from === undefined ? ROOT : (stages.get(from)?.root ?? '')
    for (const path of sources) {
      const name = /\/$/.test(target) ? basename(path) : ''
      cpSync(join(source, path), join(stage.root, stage.workdir, target, name), {
        recursive: true,
        verbatimSymlinks: true,
        filter: (file) => from !== undefined || !ignored.has(basename(file)),
      })
    }
  },
  RUN(rest) {
    if (!rest.startsWith('npm ')) {
      console.log('   (left out)')
      return
    }
    const { status } = spawnSync('sh', ['-c', rest], {
      cwd: join(stage.root, stage.workdir),
      env: { ...bare, ...stage.env },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    if (status !== 0) throw new Error(`this failed: RUN ${rest}`)
  },
  CMD: keep('CMD'),
  HEALTHCHECK: keep('HEALTHCHECK'),
}

function keep(name: string) {
  return (rest: string) => {
    stage.commands[name] = JSON.parse(/\[.*\]/.exec(rest)?.[0] ?? '[]') as string[]
  }
}

/** Of our own environment only what any shell has: an image knows nothing of the rest. */
const bare = { PATH: process.env['PATH'], HOME: process.env['HOME'] }

async function start({ root, workdir, env, commands }: Stage): Promise<void> {
  const [command = '', ...rest] = commands['CMD'] ?? []
  const server = spawn(command, rest, {
    cwd: join(root, workdir),
    env: {
      ...bare,
      ...env,
      HOST: '127.0.0.1',
      PORT: '0',
      UPLOAD_DIR: join(root, env['UPLOAD_DIR'] ?? ''),
      WECHAT_APPID: 'wx0000000000000000',
      WECHAT_SECRET: 'not used',
      NAMESPACE: 'image',
      SESSION_SECRETS: 'ab'.repeat(32),
      STORE_URL: 'memory',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(server, 'exit')
  try {
    const address = await new Promise<string>((resolve, reject) => {
      let output = ''
      server.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString()
        const found = /example-server at (http\S+) /.exec(output)?.[1]
        if (found !== undefined) resolve(found)
      })
      server.once('exit', () => reject(new Error(`the image's command ended: ${output}`)))
    })
    const [check = '', ...checkWords] = commands['HEALTHCHECK'] ?? []
    const health = spawnSync(check, checkWords, { env: { ...bare, PORT: new URL(address).port } })
    if (health.status !== 0) throw new Error(`HEALTHCHECK says ${String(health.status)}`)
    const ready = await fetch(`${address}/readyz`)
    if (!ready.ok) throw new Error(`/readyz answers ${String(ready.status)}`)
    server.kill('SIGTERM')
    const [code] = (await ended) as [number | null]
    if (code !== 0) throw new Error(`after SIGTERM it ended with ${String(code)}`)
  } finally {
    server.kill('SIGKILL')
  }
}

try {
  for (const [name, rest] of instructions) {
    console.log(name, rest)
    run[name]?.(rest)
  }
  const image = stages.get('image')
  if (!image) throw new Error('the Dockerfile has no last stage')
  if (existsSync(join(image.root, image.workdir, 'example-server/dist/dev'))) {
    throw new Error('the image has the fake WeChat and /dev in it')
  }
  mkdirSync(join(image.root, dirname(image.env['UPLOAD_DIR'] ?? '')), { recursive: true })
  await start(image)
  console.log('The image starts, is healthy, and ends cleanly.')
} finally {
  rmSync(folder, { recursive: true, force: true })
}
