// Seeds the classic bugs of login code, one at a time, into a copy of src/, and shows in a table what catches each.
//   node tools/seeded-bugs.mjs [--only part-of-a-name] [--runs 2000] [> docs/seeded-bugs.md]
import { buildSync } from 'esbuild'
import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
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

const KEPT = ['src', '__tests__', 'tools/laws-shard.mts', 'package.json']
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

/** The tests of the laws, of calls, of the session and of the transport as one file, and the stories as another: what starts quickly can be started often. */
function bundle() {
  const tests = readdirSync(join(copy, '__tests__'), { recursive: true })
  const core = tests.filter((file) => /^(laws\/law-.*|session\/.*|transport\/.*|call)\.test\.ts$/.test(file))
  const options = {
    absWorkingDir: copy,
    bundle: true,
    platform: 'node',
    tsconfig: 'tsconfig.jest.json',
    keepNames: true,
  }
  const contents = core.map((file) => `require('./__tests__/${file}')`).join('\n')
  buildSync({ ...options, stdin: { contents, resolveDir: copy }, outfile: join(copy, 'core.test.js') })
  buildSync({
    ...options,
    format: 'esm',
    entryPoints: ['tools/laws-shard.mts'],
    outfile: join(copy, 'stories.mjs'),
  })
}

/** What a process prints, unless a bug keeps it from ever ending. */
function run(...args) {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: copy, timeout: 120_000, maxBuffer: 1e9 }, (_, said) =>
      resolve(said),
    )
  })
}

/** The tests that fail. */
async function failingTests() {
  const config = JSON.stringify({ transform: {}, testMatch: ['<rootDir>/core.test.js'], testTimeout: 2000 })
  const said = await run(
    join(root, 'node_modules/jest/bin/jest.js'),
    '--config',
    config,
    '--json',
    '--silent',
  )
  if (!said) return ['the tests do not come to an end']
  const [{ assertionResults }] = JSON.parse(said).testResults
  if (assertionResults.length === 0) return ['the tests do not run']
  return assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName)
}

/** What the stories say: the first law they find broken, and after how many of them. */
async function brokenLaw() {
  const line = (await run('stories.mjs', values.runs, '1')).trim().split('\n').pop()
  if (!line) return 'they do not come to an end'
  const { runs, failure } = JSON.parse(line)
  return failure ? `${failure.message.split('\n')[0]} (story ${runs})` : ''
}

symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
const rows = []
try {
  refresh()
  bundle()
  const [before, already] = await Promise.all([failingTests(), brokenLaw()])
  if (before.length > 0 || already)
    throw new Error(`Without any bug there is something wrong: ${[...before, already].join('; ')}`)
  for (const bug of BUGS.filter(({ name }) => name.includes(values.only))) {
    refresh()
    seed(bug)
    bundle()
    const [tests, story] = await Promise.all([failingTests(), brokenLaw()])
    rows.push({ bug: bug.name, tests, story })
    const verdict = tests.length > 0 || story ? 'caught' : 'MISSED'
    console.error(`${verdict}  ${bug.name}: ${tests.length} tests, ${story || 'no story'}`)
  }
} finally {
  rmSync(copy, { recursive: true, force: true })
}

const missed = rows.filter(({ tests, story }) => tests.length === 0 && !story)
const inStories = rows.filter(({ story }) => story)
const cell = (text) => text.replaceAll('|', '\\|')
console.log(`# Seeded bugs

What \`npm run test:seeded-bugs\` prints. ${rows.length} classic bugs of login code, each put into a copy of \`src/\` by itself:
${rows.length - missed.length} are caught, ${inStories.length} of them by the stories told at random (the first of ${values.runs} that breaks a law, seed 1), the others by the
tests of the laws, of calls, of the session and of the transport.

| bug | the stories find | tests that fail |
| --- | --- | --- |
${rows
  .map(({ bug, tests, story }) => {
    const proof = tests.length === 0 ? 'none' : `${tests.length}, such as "${tests[0]}"`
    return `| ${cell(bug)} | ${cell(story) || 'nothing'} | ${cell(proof)} |`
  })
  .join('\n')}`)
process.exitCode = missed.length === 0 ? 0 : 1
