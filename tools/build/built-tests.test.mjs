import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { builtTests, needsSource, sourceTests } from './built-tests.mjs'
import { assertFresh } from './fresh.mjs'

test('a test that imports a value from a room needs the source', () => {
  assert.ok(needsSource("import { backOff } from '../src/retry'"))
  assert.ok(needsSource("import {\n  join,\n  type Query,\n} from '../../src/transport/urls'"))
})

test('a test of the public API, the fake and types does not', () => {
  const imports = [
    "import { createClient } from '../../src'",
    "import { createFakeWeChat } from '../src/testing'",
    "import type { Platform } from '../../src/transport/platform'",
    "import { type Waiter, type Phase } from '../src/session/waiter'",
  ]
  assert.ok(!needsSource(imports.join('\n')))
})

test('all laws and most tests run on the built file', () => {
  const laws = builtTests().filter((file) => path.basename(file).startsWith('law-'))
  assert.ok(laws.length >= 13, `${laws.length} laws`)
  assert.ok(builtTests().length > 2 * sourceTests().length)
})

/** A folder with one source and a build of it, so many seconds old. */
function withBuild(age, check) {
  const folder = mkdtempSync(path.join(tmpdir(), 'miniprogram-session-'))
  const write = (file, secondsAgo) => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
    writeFileSync(path.join(folder, file), '')
    const time = Date.now() / 1000 - secondsAgo
    utimesSync(path.join(folder, file), time, time)
  }
  try {
    write('src/client/index.ts', 10)
    write('src/testing/clock.ts', 0)
    if (age !== undefined) write('miniprogram_dist/index.js', age)
    check(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('a build that is missing is told, with what to do', () => {
  withBuild(undefined, (folder) => assert.throws(() => assertFresh(folder), /not there.*npm run build/))
})

test('a build that is older than a source is told, with the source', () => {
  withBuild(20, (folder) =>
    assert.throws(() => assertFresh(folder), /older than src\/client\/index\.ts.*npm run build/),
  )
})

test('a build that is newer is right, whatever became of the fake WeChat', () => {
  withBuild(5, (folder) => assertFresh(folder))
})
