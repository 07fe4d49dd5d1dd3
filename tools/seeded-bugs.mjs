// Seeds the classic bugs of login code, one at a time, into a copy of src/, and shows what catches each.
//   node tools/seeded-bugs.mjs [--only part-of-a-name] [--runs 2000]
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { BUGS } from './seeded-bugs-list.mjs'

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, runs: { type: 'string', default: '2000' } },
})
const root = fileURLToPath(new URL('..', import.meta.url))
const copy = mkdtempSync(join(tmpdir(), 'seeded-bugs-'))

const KEPT = ['src', '__tests__', 'tools', 'package.json', 'jest.config.mjs']
const CONFIGS = ['tsconfig.base.json', 'tsconfig.json', 'tsconfig.jest.json', 'tsconfig.test.json']

function refresh() {
  rmSync(join(copy, 'src'), { recursive: true, force: true })
  for (const name of [...KEPT, ...CONFIGS]) cpSync(join(root, name), join(copy, name), { recursive: true })
}

/** Puts a bug in; throws when the source has moved on and the place is not there (once). */
function seed({ name, edits }) {
  for (const { file, from, to } of edits) {
    const path = join(copy, 'src', file)
    const parts = readFileSync(path, 'utf8').split(from)
    if (parts.length !== 2)
      throw new Error(`${name}: its place occurs ${parts.length - 1} times in src/${file}. Mend the list.`)
    writeFileSync(path, parts.join(to))
  }
}

function run(args, env = {}) {
  const options = { cwd: copy, encoding: 'utf8', env: { ...process.env, ...env }, timeout: 300_000 }
  return spawnSync(process.execPath, args, options)
}

/** The law tests that fail. */
function failingTests() {
  const jest = join(root, 'node_modules/jest/bin/jest.js')
  const { stdout } = run([
    jest,
    '--selectProjects',
    'laws',
    '--testPathPatterns',
    'laws/law-',
    '--json',
    '--silent',
  ])
  try {
    const { testResults } = JSON.parse(stdout)
    return testResults.flatMap(({ assertionResults, status, name }) =>
      assertionResults.length === 0 && status === 'failed'
        ? [`${name} does not run`]
        : assertionResults.filter((one) => one.status === 'failed').map((one) => one.fullName),
    )
  } catch {
    return ['the tests do not come to an end']
  }
}

/** What the property says: the laws it finds broken, and after how many stories. */
function brokenLaws() {
  const { stdout } = run(['--import', 'tsx', join('tools', 'laws-shard.mts'), values.runs, '1'])
  const line = (stdout ?? '').trim().split('\n').pop()
  if (!line) return 'the stories do not come to an end'
  const { runs, failure } = JSON.parse(line)
  return failure ? `${failure.message.split('\n')[0]} (story ${runs})` : ''
}

symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
let missed = 0
try {
  refresh()
  const before = new Set(failingTests())
  if (before.size > 0) console.log(`Without any bug ${before.size} law tests fail; they are not counted.`)
  const already = brokenLaws()
  if (already) console.log(`Without any bug the property fails, so it proves nothing below: ${already}`)
  for (const bug of BUGS.filter(({ name }) => name.includes(values.only))) {
    refresh()
    seed(bug)
    const tests = failingTests().filter((name) => !before.has(name))
    const property = already ? '' : brokenLaws()
    const isCaught = tests.length > 0 || property !== ''
    if (!isCaught) missed++
    console.log(`\n${isCaught ? 'caught' : 'MISSED'}  ${bug.name}`)
    console.log(`  tests     ${tests.length === 0 ? 'none' : `${tests.length}, such as: ${tests[0]}`}`)
    console.log(`  property  ${property || 'nothing found'}`)
  }
} finally {
  rmSync(copy, { recursive: true, force: true })
}
console.log(`\n${missed === 0 ? 'Every seeded bug is caught.' : `${missed} seeded bugs are missed.`}`)
process.exitCode = missed === 0 ? 0 : 1
