// Runs the laws on the fake of each platform, and writes into docs/platforms what holds there: `npm run test:platforms`.
//   --check          writes nothing, and fails where the documents say otherwise
//   --only alipay    one platform, and writes nothing
//   --results file   the counts, as Jest writes them
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { format, resolveConfig } from 'prettier'
import { platformLaws } from '../../__tests__/laws/platforms/exceptions.mjs'

const root = path.resolve(import.meta.dirname, '../..')
const { values } = parseArgs({
  options: { check: { type: 'boolean' }, only: { type: 'string' }, results: { type: 'string' } },
})
const JEST = path.join(root, 'node_modules/jest/bin/jest.js')
const LAWS = 20

/** Each test of the laws by its full name, and whether it did what is said of it. */
function run(platform) {
  const folder = mkdtempSync(path.join(tmpdir(), 'laws-'))
  try {
    const file = path.join(folder, 'jest.json')
    const args = ['--selectProjects', `laws-${platform}`, '--json', `--outputFile=${file}`, '--silent']
    const { stderr } = spawnSync(process.execPath, [JEST, ...args], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
      maxBuffer: 100_000_000,
    })
    if (!existsSync(file)) throw new Error(`jest did not run: ${stderr}`)
    const { testResults, ...counted } = JSON.parse(readFileSync(file, 'utf8'))
    for (const name in counts) counts[name] += counted[name]
    for (const { assertionResults, name, message } of testResults)
      if (assertionResults.length === 0) throw new Error(`${name} did not run: ${message}`)
    return testResults.flatMap(({ assertionResults }) => assertionResults)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const counts = { numPassedTests: 0, numFailedTests: 0, numRuntimeErrorTestSuites: 0 }
const lawOf = (test) => Number(/^law (\d+)/.exec(test)?.[1])
const problems = []

function judge({ platform, exceptions }) {
  const tests = run(platform)
  const names = new Set(tests.map(({ fullName }) => fullName))
  for (const { fullName, status } of tests)
    if (status !== 'passed')
      problems.push(`${platform}: ${listed(exceptions, fullName) ? 'holds after all' : 'fails'}: ${fullName}`)
  const excepted = new Set(exceptions.flatMap((exception) => exception.tests))
  for (const name of excepted) if (!names.has(name)) problems.push(`${platform}: there is no test "${name}"`)
  const laws = Array.from({ length: LAWS }, (_, index) => index + 1)
  const whole = laws.filter((law) => !Array.from(excepted).some((name) => lawOf(name) === law))
  console.log(
    `${platform}: ${names.size - excepted.size} of ${names.size} tests hold, ${whole.length} laws whole`,
  )
  return { held: names.size - excepted.size, total: names.size, whole }
}

const listed = (exceptions, name) => exceptions.some(({ tests }) => tests.includes(name))

const LANGUAGES = {
  'docs/platforms.md': {
    head: [
      'platform',
      'tests of the laws that hold',
      'laws without exception',
      'it does not tell',
      'it does not have',
    ],
    name: ({ name }) => name,
    words: ({ hint, lacks, fact }) => `${hint ?? lacks}${fact ? ` (${fact})` : ''}`,
    join: '; ',
  },
  'docs/zh/platforms.md': {
    head: ['平台', '成立的规则测试', '没有例外的规则', '平台不告知的', '平台没有的'],
    name: ({ zhName }) => zhName,
    words: ({ zh, fact }) => `${zh}${fact ? `（${fact}）` : ''}`,
    join: '；',
  },
}

function table(results, { head, name, words, join }) {
  const row = (cells) => `| ${cells.join(' | ')} |`
  const lines = results.map(({ law, held, total, whole }) =>
    row([
      name(law),
      `${held} / ${total}`,
      whole.join(', '),
      ...['hint', 'lacks'].map(
        (kind) =>
          law.exceptions
            .filter((one) => one[kind])
            .map(words)
            .join(join) || '—',
      ),
    ]),
  )
  return [row(head), row(head.map(() => '---')), ...lines].join('\n')
}

const chosen = platformLaws.filter(({ platform }) => !values.only || platform === values.only)
const results = chosen.map((law) => ({ law, ...judge(law) }))
if (!values.only)
  for (const [file, language] of Object.entries(LANGUAGES)) {
    const place = path.join(root, file)
    const text = readFileSync(place, 'utf8')
    const written = text.replace(
      /(<!-- laws -->)[^]*(<!-- \/laws -->)/,
      (_all, begin, end) => `${begin}\n\n${table(results, language)}\n\n${end}`,
    )
    const tidy = await format(written, { ...(await resolveConfig(place)), filepath: place })
    if (tidy === text) continue
    if (values.check) problems.push(`${file} says otherwise: npm run test:platforms writes it anew`)
    else writeFileSync(place, tidy)
  }
if (values.results) writeFileSync(values.results, JSON.stringify(counts))
for (const problem of problems) console.error(problem)
process.exitCode = problems.length ? 1 : 0
