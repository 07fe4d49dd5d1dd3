// A newcomer's project: a folder of its own outside the repository, and the commands that are run there.
import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { root } from '../package/pack.mjs'

const execute = promisify(execFile)

/** Of the output of a command that failed. */
const LINES = 30

/** The commands run as in a shell of the newcomer's: without what npm tells the scripts of this repository, and without colours. */
function environment() {
  const isOurs = /^(npm_(package|lifecycle|config_local_prefix)|INIT_CWD|FORCE_COLOR)/
  const others = Object.entries(process.env).filter(([name]) => !isOurs.test(name))
  return { ...Object.fromEntries(others), NO_COLOR: '1' }
}

/** The output of a command. Where it fails, the error tells the part that counts, and has all `lines`. */
export async function run(cwd, command, input, env = {}) {
  try {
    const options = { cwd, maxBuffer: 64 * 1024 * 1024, env: { ...environment(), ...env } }
    const { stdout, stderr } = await execute(command, input, options)
    return stdout + stderr
  } catch (error) {
    const lines = `${error.stdout ?? ''}${error.stderr ?? ''}`.trim().split('\n')
    // npm says what is wrong first and how it is used last; compilers the other way round.
    const said = (command === 'npm' ? lines.slice(0, LINES) : lines.slice(-LINES)).join('\n')
    const failure = new Error(`${[path.basename(command), ...input].join(' ')}: ${said || error.message}`, {
      cause: error,
    })
    throw Object.assign(failure, { lines })
  }
}

/** A command of a package that is installed in the project. */
export const runBin = (project, name, input, env) =>
  run(project, path.join(project, 'node_modules/.bin', name), input, env)

/** A copy of a folder of tools/newcomers, or of one that lies elsewhere, in the folder `into`. */
export function copyOf(name, into, from = import.meta.dirname) {
  const project = path.join(into, name)
  const source = path.join(from, name)
  cpSync(source, project, { recursive: true, filter: (file) => !/\/(node_modules|dist)$/.test(file) })
  return project
}

/** The template's packages, as its lockfile has them. Their scripts are theirs and are not run. */
export async function installTemplate(project) {
  await run(project, 'npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'])
}

/** What a newcomer types, without a flag; the tarball stands for the name. */
export async function installPackage(project, tarball) {
  await run(project, 'npm', ['install', tarball])
}

export function write(project, file, text) {
  mkdirSync(path.dirname(path.join(project, file)), { recursive: true })
  writeFileSync(path.join(project, file), text)
}

export function editJson(project, file, change) {
  const value = JSON.parse(readFileSync(path.join(project, file), 'utf8'))
  change(value)
  write(project, file, JSON.stringify(value, null, 2))
}

/** Mistakes that must be mistakes, whatever the project: each stands under a @ts-expect-error. */
export const mistakes = () => readFileSync(path.join(root, 'tools/typings/programs/mistakes.ts'), 'utf8')

/** Whether a compiler has told of each of them: they stood in mistakes.ts, without the @ts-expect-error. */
export function assertAllFound(lines) {
  const found = new Set(lines.flatMap((line) => /mistakes\.ts\(\d+/.exec(line) ?? [])).size
  const there = mistakes().match(/@ts-expect-error/g).length
  if (found !== there) throw new Error([`of ${there} mistakes ${found} were found:`, ...lines].join('\n'))
}

export const isInstalled = (project, name) => existsSync(path.join(project, 'node_modules', name))
