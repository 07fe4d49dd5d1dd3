import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { readMapping } from '../../src/check/mapping.ts'
import { formatReport } from '../../src/check/report.ts'
import { check, checkIds, type Result } from '../../src/check/run.ts'
import { freePort } from '../free-port.ts'

const FOLDER = join(__dirname, '../../fixtures')
const MAPPING = JSON.parse(readFileSync(join(FOLDER, 'session-check.json'), 'utf8')) as object

/** What each fixture does not have, and so is not tried. */
const LANGUAGES = [
  { language: 'php', good: 'good.php', faulty: 'faulty.php', absent: ['S3', 'S4', 'S6'] },
  { language: 'python', good: 'good.py', faulty: 'faulty.py', absent: ['S3', 'S4', 'S5', 'S6'] },
  { language: 'go', good: 'good.go', faulty: 'faulty.go', absent: ['S3', 'S6'] },
  { language: 'java', good: 'Good.java', faulty: 'Faulty.java', absent: ['S3', 'S4', 'S6'] },
]

const COMMANDS: Record<string, { command: string; version: string[]; install: string }> = {
  php: {
    command: 'PHP_CLI_SERVER_WORKERS=4 exec php -S 127.0.0.1:$PORT',
    version: ['php', '-v'],
    install: 'php-cli',
  },
  python: { command: 'exec python3', version: ['python3', '--version'], install: 'python3' },
  go: { command: 'exec go run', version: ['go', 'version'], install: 'golang-go' },
  java: { command: 'exec java', version: ['java', '-version'], install: 'default-jdk-headless' },
}

/** A missing language is said loudly, and is an error where CI promises it. */
const installed = LANGUAGES.filter(({ language }) => {
  const { version = [], install = '' } = COMMANDS[language] ?? {}
  if (spawnSync(version[0] ?? '', version.slice(1), { stdio: 'ignore' }).status === 0) return true
  const text = `${language} is not installed (apt-get install ${install})`
  if (process.env['CI']) throw new Error(text)
  process.stderr.write(`\n*** SKIPPED: every test on ${text} ***\n\n`)
  return false
})

async function run(language: string, file: string, slow?: { life: number; only: string[] }) {
  const port = await freePort()
  const life = slow ? `SESSION_SECONDS=${slow.life} ` : ''
  try {
    return await check({
      url: `http://127.0.0.1:${port}`,
      mapping: readMapping({ ...MAPPING, start: `${life}${COMMANDS[language]?.command ?? ''} ${file}` }),
      cwd: join(FOLDER, language),
      ...(slow ? { slow: 20, only: slow.only } : {}),
    })
  } finally {
    rmSync(`/tmp/session-fixture-${port}`, { force: true })
  }
}

/** All languages at once: most of the time is spent waiting for a platform that hangs. */
async function runAll(which: 'good' | 'faulty'): Promise<Map<string, Result[]>> {
  const results = installed.map(
    async (one) => [one.language, await run(one.language, one[which])] as [string, Result[]],
  )
  return new Map(await Promise.all(results))
}

const ids = (results: Result[] | undefined, outcome: Result['outcome']) =>
  (results ?? []).filter((result) => result.outcome === outcome).map(({ id }) => id)

const faultsOf = (language: string) =>
  JSON.parse(readFileSync(join(FOLDER, language, 'faults.json'), 'utf8')) as string[]

const LONG = 120_000

describe('back ends that keep to the protocol', () => {
  let results: Map<string, Result[]>
  beforeAll(async () => {
    results = await runAll('good')
  }, LONG)

  test.each(installed)(
    '$language: nothing is found, and all is tried that it has',
    ({ language, absent }) => {
      const found = results.get(language) ?? []
      expect(formatReport(found)).toMatch(/, 0 ✗, \d –\. The protocol holds\.$/)
      expect(ids(found, 'absent').sort()).toEqual(absent)
      expect(found).toHaveLength(checkIds.length)
    },
  )
})

describe('back ends with known faults', () => {
  let results: Map<string, Result[]>
  beforeAll(async () => {
    results = await runAll('faulty')
  }, LONG)

  test.each(installed)('$language: each fault is found, and nothing else', ({ language }) => {
    expect(ids(results.get(language), 'failed').sort()).toEqual(faultsOf(language).sort())
  })

  test.each(installed)('$language: each ✗ says why, and what to do', ({ language }) => {
    for (const result of results.get(language) ?? []) {
      if (result.outcome !== 'failed') continue
      expect(result.why).toMatch(/\w/)
      expect(result.mend).toMatch(/\.$/)
    }
  })
})

test(
  'what takes a session to its end is found with --slow',
  async () => {
    const only = ['S3', 'S6']
    const [good, faulty] = await Promise.all([
      run('python', 'good.py', { life: 5, only }),
      run('java', 'Faulty.java', { life: 5, only }),
    ])
    expect(ids(good, 'passed')).toEqual(only)
    expect(ids(faulty, 'failed')).toEqual(only)
  },
  LONG,
)

test('there is a twin for every check', () => {
  const faults = new Set(LANGUAGES.flatMap(({ language }) => faultsOf(language)))
  expect(checkIds.filter((id) => !faults.has(id))).toEqual(['S3', 'S6'])
})
