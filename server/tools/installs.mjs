// Into apps that are there already: the packed file is installed beside the versions that teams have, in the way in which
// they install, and the app runs on each Node, with its types under each resolution. Needs the registry.
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const SERVER = fileURLToPath(new URL('..', import.meta.url))
const APPS = ['express4', 'fastify4', 'nest10', 'koa2', 'empty']
const RESOLUTIONS = [
  ['node16', 'node16'],
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
]
/** The registry has a Node for each system; the lockfile is about this one. */
const OTHERS = process.platform === 'linux' && process.arch === 'x64' ? ['22', '24'] : []
const require = createRequire(import.meta.url)
const tsc = require.resolve('typescript/bin/tsc')

const folder = mkdtempSync(join(tmpdir(), 'mps-installs-'))
after(() => rmSync(folder, { recursive: true, force: true }))

function run(command, words, cwd) {
  return execFileSync(command, words, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}
const npm = (cwd, ...words) => run('npm', [...words, '--ignore-scripts', '--no-audit', '--no-fund'], cwd)

let tarball
const nodes = { [process.version]: process.execPath }
before(() => {
  run(process.execPath, ['tools/build.mjs'], SERVER)
  const [{ filename }] = JSON.parse(npm(SERVER, 'pack', '--json', '--pack-destination', folder))
  tarball = join(folder, filename)
  if (OTHERS.length === 0) return
  cpSync(join(SERVER, 'installs/nodes'), join(folder, 'nodes'), { recursive: true })
  npm(join(folder, 'nodes'), 'ci')
  for (const version of OTHERS) nodes[version] = join(folder, `nodes/node_modules/node-${version}/bin/node`)
})

/** Logs in, asks whose it is, asks with a dead token. */
async function tryOut(node, project, env = {}) {
  const file = readdirSync(project).find((name) => name.startsWith('app.'))
  const child = spawn(node, [file], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  let [output, errors] = ['', '']
  try {
    child.stderr.on('data', (chunk) => (errors += chunk))
    const url = await new Promise((resolve, reject) => {
      child.once('exit', () => reject(new Error(`the app ended: ${errors}`)))
      child.stdout.on('data', (chunk) => {
        const [, found] = /at (http:\S+)/.exec((output += chunk)) ?? []
        if (found) resolve(found)
      })
    })
    const ask = (path, init) => fetch(`${url}/api${path}`, init)
    const login = await ask('/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code: 'alice' }),
    })
    const { token } = await login.json()
    const me = await ask('/me', { headers: { authorization: `Bearer ${token}` } })
    assert.deepEqual([login.status, me.status, await me.json()], [200, 200, { id: 'alice' }])
    const dead = await ask('/me', { headers: { authorization: 'Bearer dead' } })
    assert.deepEqual([dead.status, (await dead.json()).error.code], [401, 'UNAUTHORIZED'])
    assert.equal(dead.headers.get('www-authenticate'), 'Bearer')
  } finally {
    child.kill('SIGKILL')
  }
}

async function freePort() {
  const socket = createServer().listen(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  await new Promise((resolve) => socket.close(resolve))
  return port
}

async function onRedis(work) {
  const port = await freePort()
  const server = spawn('redis-server', ['--port', `${port}`, '--bind', '127.0.0.1', '--save', ''], {
    cwd: folder,
  })
  try {
    for await (const chunk of server.stdout) if (/ready to accept/i.test(chunk)) break
    await work({ REDIS_PORT: `${port}` })
  } finally {
    server.kill('SIGKILL')
  }
}

for (const app of APPS) {
  describe(app, () => {
    const project = join(folder, app)

    test('it installs beside what is there', () => {
      cpSync(join(SERVER, 'installs', app), project, { recursive: true })
      npm(project, 'ci')
      npm(project, 'install', tarball)
    })

    test('it runs on each Node', async () => {
      for (const node of Object.values(nodes)) await tryOut(node, project)
      if (app === 'express4') await onRedis((env) => tryOut(process.execPath, project, env))
      if (app === 'nest10') await tryOut(process.execPath, project, { PLATFORM: 'fastify' })
    })

    for (const [module, moduleResolution] of RESOLUTIONS) {
      test(`its types are found and fit: ${moduleResolution}`, () => {
        const options = {
          module,
          moduleResolution,
          target: 'es2022',
          lib: ['es2023'],
          types: ['node'],
          strict: true,
        }
        const decorators =
          app === 'nest10' ? { experimentalDecorators: true, emitDecoratorMetadata: true } : {}
        const compilerOptions = {
          ...options,
          ...decorators,
          noEmit: true,
          skipLibCheck: false,
          esModuleInterop: true,
        }
        writeFileSync(
          join(project, 'tsconfig.json'),
          JSON.stringify({ compilerOptions, files: ['types.ts'] }),
        )
        try {
          run(process.execPath, [tsc, '-p', '.'], project)
        } catch (error) {
          assert.fail(error.stdout)
        }
      })
    }
  })
}

describe('check --proxy of the packed file, on a back end that has WeChat’s address in its code', () => {
  const project = join(folder, 'by-heart')
  before(() => {
    cpSync(join(SERVER, 'installs/by-heart'), project, { recursive: true })
    npm(project, 'ci')
    npm(project, 'install', tarball)
  })

  /** A back end that lacks deadlines and more: these hold of it, if its calls come to the fake. */
  async function holds(version, way) {
    const start = `exec ${nodes[version]} server.mjs ${way}`
    const words = ['--proxy', '--only', 'L1,L2,L3,L10,L13,X1', '--start', start]
    const env = { ...process.env, XDG_CACHE_HOME: folder }
    const url = `http://127.0.0.1:${await freePort()}`
    const child = spawn('npx', ['miniprogram-session-server', 'check', url, ...words], { cwd: project, env })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
    await once(child, 'close')
    assert.match(output, /^6 ✓, 0 ✗, 0 –/m)
  }

  test('with axios, on whatever Node', () => holds(process.version, 'axios'))

  for (const version of ['22', '24']) {
    const skip =
      process.platform === 'linux' && process.arch === 'x64' ? false : 'no such Node in the lockfile'
    test(`with fetch, on Node ${version}`, { skip }, () => holds(version, 'fetch'))
    test(`with node:https, on Node ${version}`, { skip }, () => holds(version, 'https'))
  }
})

describe('the package', () => {
  test('publint has nothing to say', () => {
    run(
      process.execPath,
      [join(dirname(require.resolve('publint')), 'cli.js'), 'run', tarball, '--strict'],
      SERVER,
    )
  })

  test('types are what they say in ESM and CommonJS', () => {
    const attw = join(dirname(require.resolve('@arethetypeswrong/cli/package.json')), 'dist/index.js')
    run(process.execPath, [attw, tarball, '--profile', 'node16', '--format', 'ascii'], SERVER)
  })
})
