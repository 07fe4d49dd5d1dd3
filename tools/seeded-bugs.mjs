// Seeds the classic bugs of login code, one at a time, into a copy of src/, and shows in a table what catches each.
//   node tools/seeded-bugs.mjs [--only part-of-a-name] [--runs 1000] [--seed 1] [--jobs 1] [> docs/seeded-bugs.md]
//   node tools/seeded-bugs.mjs --into docs/seeded-bugs.md   # those that it has no row for
// Each job is two processes, one for the tests and one for the stories.
import { buildSync } from 'esbuild'
import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { BUGS } from './seeded-bugs-list.mjs'

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    into: { type: 'string' },
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '1' },
  },
})
const root = fileURLToPath(new URL('..', import.meta.url))

const KEPT = ['src', '__tests__', 'tools/laws-shard.mts', 'package.json']
const CONFIGS = ['tsconfig.base.json', 'tsconfig.json', 'tsconfig.jest.json', 'tsconfig.test.json']
/** The tests of the laws, of the cases, of streams and sockets, of the entries for pages, of the platforms, and of session, call and transport. */
const CORE =
  /^(laws\/law-|cases\/|session\/|call\/|transport\/|entry\/|stream\/|socket\/|page\/|cache\/|ui\/|platforms\/).*\.test\.ts$/

function createCopy() {
  const copy = mkdtempSync(join(tmpdir(), 'seeded-bugs-'))
  for (const name of [...KEPT, ...CONFIGS]) cpSync(join(root, name), join(copy, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

/** Where a bug is not to be put: the source has moved on, and the place is not there (once). */
function misplaced({ name, edits }) {
  return edits
    .map(({ file, from }) => ({
      file,
      times: readFileSync(join(root, 'src', file), 'utf8').split(from).length - 1,
    }))
    .filter(({ times }) => times !== 1)
    .map(({ file, times }) => `${name}: its place occurs ${times} times in src/${file}`)
}

/** Puts a bug in, and takes out the one before. */
function seed(copy, edits) {
  rmSync(join(copy, 'src'), { recursive: true, force: true })
  cpSync(join(root, 'src'), join(copy, 'src'), { recursive: true })
  for (const { file, from, to } of edits) {
    const path = join(copy, 'src', file)
    writeFileSync(path, readFileSync(path, 'utf8').split(from).join(to))
  }
}

/** The tests as one file, and the stories as another: what starts quickly can be started often. */
function bundle(copy) {
  const tests = readdirSync(join(copy, '__tests__'), { recursive: true }).filter((file) => CORE.test(file))
  const options = {
    absWorkingDir: copy,
    bundle: true,
    platform: 'node',
    tsconfig: 'tsconfig.jest.json',
    keepNames: true,
  }
  const contents = tests
    .sort()
    .map((file) => `require('./__tests__/${file}')`)
    .join('\n')
  buildSync({ ...options, stdin: { contents, resolveDir: copy }, outfile: join(copy, 'core.test.js') })
  // A story is told as it was found: making it shorter is for people who look for its reason.
  const story = `import fc from 'fast-check'\nfc.configureGlobal({ endOnFailure: true })\nawait import('./tools/laws-shard.mts')`
  buildSync({
    ...options,
    format: 'esm',
    stdin: { contents: story, resolveDir: copy },
    outfile: join(copy, 'stories.mjs'),
  })
}

/** What a process prints, unless a bug keeps it from ever ending. */
function run(copy, ...args) {
  const options = {
    cwd: copy,
    timeout: 120_000,
    maxBuffer: 1e9,
  }
  return new Promise((resolve) => {
    execFile(process.execPath, args, options, (_, said) => resolve(said))
  })
}

/** The first test that fails. */
async function failingTest(copy) {
  const config = {
    transform: {},
    testMatch: ['<rootDir>/core.test.js'],
    testTimeout: 2000,
    // Leaves the rest alone once a test has failed.
    testEnvironment: join(root, 'tools/mutation/environment.cjs'),
  }
  const jest = join(root, 'node_modules/jest/bin/jest.js')
  const said = await run(copy, jest, '--config', JSON.stringify(config), '--json', '--silent')
  if (!said) return 'the tests do not come to an end'
  const [{ assertionResults }] = JSON.parse(said).testResults
  if (assertionResults.length === 0) return 'the tests do not run'
  const failed = assertionResults.find(({ status }) => status === 'failed')
  return failed ? failed.fullName : ''
}

/** What the stories say: the first law they find broken, and after how many of them. */
async function brokenLaw(copy) {
  const line = (await run(copy, 'stories.mjs', values.runs, values.seed)).trim().split('\n').pop()
  if (!line) return 'they do not come to an end'
  const { runs, failure } = JSON.parse(line)
  return failure ? `${failure.message.split('\n')[0]} (story ${runs})` : ''
}

async function judge(copy, edits) {
  seed(copy, edits)
  try {
    bundle(copy)
  } catch (error) {
    throw new Error(`${JSON.stringify(edits)}: ${error.message}`, { cause: error })
  }
  const [test, story] = await Promise.all([failingTest(copy), brokenLaw(copy)])
  return { test, story }
}

const cell = (text) => text.replaceAll('|', '\\|')

/** What a table of an earlier run says, by the name of the bug. */
function rowsOf(file) {
  const rows = new Map()
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [, bug, story, test] = line.split(/(?<!\\)\|/).map((text) => text.trim().replaceAll('\\|', '|'))
    if (test) rows.set(bug, { test: test === 'none' ? '' : test, story: story === 'nothing' ? '' : story })
  }
  return rows
}

const rows = values.into ? rowsOf(values.into) : new Map()
const bugs = BUGS.filter(({ name }) => name.includes(values.only))
const lost = BUGS.flatMap(misplaced)
if (lost.length > 0) throw new Error(`Mend the list.\n${lost.join('\n')}`)

/** The table of all that has a row. */
function page() {
  const found = BUGS.flatMap(({ name }) => (rows.has(name) ? { name, ...rows.get(name) } : []))
  const missed = found.filter(({ test, story }) => !test && !story)
  const inTests = found.filter(({ test }) => test)
  const inStories = found.filter(({ story }) => story)
  return `# Seeded bugs

What \`npm run test:seeded-bugs\` prints. ${found.length} classic bugs of login code, each put into a copy of \`src/\` by itself:
${found.length - missed.length} are caught, ${inTests.length} of them by the tests of the laws, of the cases, of streams and sockets, of the entries for pages, of the platforms, and of session, call and transport (the first that
fails is named; the rest do not run), ${inStories.length} by the stories told at random (the first of ${values.runs} that breaks a law, seed ${values.seed}).

| bug | the stories find | the first test that fails |
| --- | --- | --- |
${found.map(({ name, test, story }) => `| ${cell(name)} | ${cell(story) || 'nothing'} | ${cell(test) || 'none'} |`).join('\n')}
`
}

const queue = bugs.filter(({ name }) => !rows.has(name))
const copies = Array.from({ length: Math.min(Number(values.jobs), queue.length) }, createCopy)
try {
  if (copies[0]) {
    const { test, story } = await judge(copies[0], [])
    if (test || story)
      throw new Error(`Without any bug there is something wrong: ${[test, story].join('; ')}`)
  }
  await Promise.all(
    copies.map(async (copy) => {
      for (let bug = queue.shift(); bug; bug = queue.shift()) {
        const found = await judge(copy, bug.edits)
        rows.set(bug.name, found)
        // At once: a run takes an hour, and may be broken off.
        if (values.into) writeFileSync(values.into, page())
        const verdict = found.test || found.story ? 'caught' : 'MISSED'
        console.error(`${verdict}  ${bug.name}: ${found.test || 'no test'}; ${found.story || 'no story'}`)
      }
    }),
  )
} finally {
  for (const copy of copies) rmSync(copy, { recursive: true, force: true })
}

if (!values.into) process.stdout.write(page())
process.exitCode = bugs.every(({ name }) => rows.get(name).test || rows.get(name).story) ? 0 : 1
