// The tool can say no: it is shown READMEs, flags and an empty registry.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { test } from 'node:test'
import { withFolder } from '../package/pack.mjs'
import { choice, problemWithNode } from './choice.mjs'
import { startBuilds, tryFramework } from './frameworks.mjs'
import { block, blockInJavaScript, flagsOfInstall, projectSettings, quickStartOn } from './readme.mjs'
import { quietReport } from './report.mjs'

test('a check that throws has failed, the others go on, and each is counted', async () => {
  const report = quietReport()
  assert.equal(await report.check('first', () => Promise.reject(new Error('two\nlines'))), false)
  assert.equal(await report.check('second', () => 'a note'), true)
  report.skip('third', 'no registry')
  assert.deepEqual(report.lines, [
    'FAILED first\n       two\n       lines',
    'ok     second: a note',
    'SKIP   third: no registry',
  ])
  assert.deepEqual(report.counts, { passed: 1, failed: 1, skipped: 1 })
})

const QUICK_START = '<!-- code: quick-start -->\n```ts\nexport const api = createClient({ baseURL })\n```\n'

test('a block that the README does not have is missed', () => {
  assert.match(block(QUICK_START, 'quick-start'), /^export const api/)
  assert.throws(() => block(QUICK_START, 'launch'), /no code block "launch"/)
  assert.throws(() => quickStartOn('<!-- code: quick-start -->\n```ts\n```\n', 'taro', {}), /no createClient/)
})

test('the quick start on another platform is the README’s own where it has one', () => {
  const how = { platform: 'Taro', imports: 'import Taro\n' }
  assert.match(
    quickStartOn(QUICK_START, 'taro', how),
    /^import Taro\n.*createClient\(\{ platform: Taro, baseURL/,
  )
  const own = `${QUICK_START}<!-- code: taro -->\n\`\`\`ts\nown\n\`\`\`\n`
  assert.equal(quickStartOn(own, 'taro', how), 'own\n')
})

test('JavaScript is the same without types', () => {
  const code = "import { get } from './api'\n\ninterface Order {\n  id: number\n}\n\nget<Order>(1)\n"
  const readme = `<!-- code: page -->\n\`\`\`ts\n${code}\`\`\`\n`
  assert.equal(blockInJavaScript(readme, 'page'), "import { get } from './api';\nget(1);\n")
})

for (const [how, text] of [
  ['in a line', 'says so: `"packNpmManually": true`.'],
  ['as a block', '```json\n{ "packNpmManually": true }\n```'],
  ['under setting', '```json\n"setting": { "packNpmManually": true }\n```'],
])
  test(`the lines for project.config.json are found ${how}`, () => {
    assert.deepEqual(projectSettings(text), { packNpmManually: true })
  })

test('a README without the lines for project.config.json is refused', () => {
  assert.throws(() => projectSettings(QUICK_START), /does not say what to set/)
})

test('a README that installs with a flag, or not at all, is noticed', () => {
  assert.equal(flagsOfInstall('Install it with `npm install miniprogram-session`.'), '')
  assert.equal(flagsOfInstall('npm i --force ./miniprogram-session-1.0.0.tgz'), '--force')
  assert.throws(() => flagsOfInstall('npm install another'), /no npm install/)
})

for (const [where, CI, expected] of [
  ['fails under CI', 'true', 'FAILED Taro 4\n       its own packages cannot be installed: no registry'],
  ['is left out by name elsewhere', '', 'SKIP   Taro 4: its own packages cannot be installed: no registry'],
])
  test(`a framework that cannot be installed ${where}`, async () => {
    const before = process.env.CI
    process.env.CI = CI
    const report = quietReport()
    const noRegistry = () => Promise.reject(new Error('no registry'))
    await withFolder((folder) => tryFramework('taro', { ...report, folder }, noRegistry))
    if (before === undefined) delete process.env.CI
    else process.env.CI = before
    assert.deepEqual(report.lines, [expected])
  })

test('builds go two at a time, and one that fails stops no other', async () => {
  let running = 0
  let most = 0
  const builds = startBuilds(['a', 'b', 'c', 'd'], async (target) => {
    most = Math.max(most, ++running)
    await new Promise(setImmediate)
    running--
    if (target === 'b') throw new Error('broken')
    return target.toUpperCase()
  })
  await assert.rejects(builds.b, /broken/)
  assert.deepEqual(await Promise.all([builds.a, builds.c, builds.d]), ['A', 'C', 'D'])
  assert.equal(most, 2)
})

test('an old Node is told which one is needed', () => {
  assert.match(
    problemWithNode('18.20.4'),
    /^Node 20\.19 or newer is needed, and this is 18\.20\.4: install .*$/,
  )
  assert.match(problemWithNode('20.9.0'), /20\.9\.0/)
  for (const version of ['20.19.0', '22.1.0']) assert.equal(problemWithNode(version), undefined)
})

test('what is slow is behind --all', () => {
  assert.deepEqual(choice([]).names, ['typescript', 'javascript', 'page-tests'])
  assert.deepEqual(choice(['--all']).names, [
    'typescript',
    'javascript',
    'page-tests',
    'matrix',
    'taro',
    'uni-app',
    'example-taro',
  ])
  assert.deepEqual(choice(['--only', 'taro', '--only', 'matrix']).names, ['matrix', 'taro'])
})

for (const [flags, words] of [
  [['--only', 'nobody'], /^--only nobody: there is no such newcomer\. There are: typescript, .*\n$/],
  [['--everything'], /^Unknown option '--everything'.*\n$/],
])
  test(`${flags.join(' ')} is one plain line`, () => {
    const main = path.join(import.meta.dirname, 'main.mjs')
    assert.throws(
      () => execFileSync(process.execPath, [main, ...flags], { stdio: 'pipe', encoding: 'utf8' }),
      (error) => error.status === 2 && words.test(error.stderr),
    )
  })
