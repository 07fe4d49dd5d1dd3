import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const has = (command) => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0
const npmBuild = path.join(import.meta.dirname, 'quickjs.mjs')
const hasNpmBuild = existsSync(path.join(import.meta.dirname, 'node_modules/quickjs-emscripten-core'))

/** What phones run mini-programs on. `command` takes a script; without one the engine is not installed. */
export const ENGINES = [
  { id: 'v8', name: 'V8', phones: 'Android and DevTools', command: [process.execPath, '--stack-size=2000'] },
  {
    id: 'jsc',
    name: 'JavaScriptCore without JIT',
    phones: 'iPhones',
    command: has('jsc') ? ['jsc', '--useJIT=false'] : undefined,
    install: "apt-get install libjavascriptcoregtk-4.0-bin (Debian's)",
  },
  {
    id: 'quickjs',
    name: 'QuickJS',
    phones: 'other hosts of mini-programs',
    command: has('qjs') ? ['qjs', '--std'] : hasNpmBuild ? [process.execPath, npmBuild] : undefined,
    install: "apt-get install quickjs (Debian's, from 13 on), or npm ci --prefix tools/engines",
  },
]

/** Those that are installed. What is not is named; under CI, where all of them must be, that is an error. */
export function installed(wanted = ENGINES.map(({ id }) => id)) {
  return ENGINES.filter(({ id }) => wanted.includes(id)).filter(({ name, command, install }) => {
    if (command) return true
    console.error(`${process.env.CI ? 'FAILED' : 'skipped'}: ${name} is not installed: ${install}`)
    if (process.env.CI) process.exitCode = 1
    return false
  })
}

/** Runs a script and gives what it says, a message a line, as it comes. Resolves to its exit code and complaints. */
export async function run({ command: [program, ...flags] }, script, hear) {
  const folder = mkdtempSync(path.join(tmpdir(), 'miniprogram-session-engine-'))
  const file = path.join(folder, 'script.js')
  writeFileSync(file, script)
  try {
    return await new Promise((resolve, reject) => {
      const child = spawn(program, [...flags, file], { stdio: ['ignore', 'pipe', 'pipe'] })
      let rest = ''
      let complaints = ''
      child.stdout.on('data', (chunk) => {
        const lines = (rest + chunk).split('\n')
        rest = lines.pop()
        for (const line of lines)
          if (line.startsWith('{')) hear(JSON.parse(line))
          else complaints += `${line}\n`
      })
      child.stderr.on('data', (chunk) => (complaints += chunk))
      child.on('error', reject)
      child.on('close', (code) => resolve({ code, complaints }))
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}
