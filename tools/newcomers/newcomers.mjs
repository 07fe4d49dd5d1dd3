import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { assertFresh } from '../build/fresh.mjs'
import { packFolder, root, withFolder } from '../package/pack.mjs'
import { hasDevTools } from './devtools.mjs'
import { exampleTaro } from './example-taro.mjs'
import { taro, uniApp } from './frameworks.mjs'
import { installMatrix, typeMatrix } from './matrix.mjs'
import { nativeJavaScript, nativeTypeScript } from './native.mjs'
import { pageTests } from './page-tests.mjs'
import { flagsOfInstall, projectSettings } from './readme.mjs'
import { createReport } from './report.mjs'

const NEWCOMERS = {
  typescript: nativeTypeScript,
  javascript: nativeJavaScript,
  'page-tests': pageTests,
  matrix: typeMatrix,
  taro,
  'uni-app': uniApp,
  'example-taro': exampleTaro,
}

/** What they need besides, by whom. */
const NEED_DEVTOOLS = ['typescript', 'javascript', 'example-taro']
const NEED_MATRIX = ['typescript', 'matrix']

/** Each in folders that are gone afterwards; resolves to how many checks passed, failed and were skipped. */
export async function tryNewcomers(names) {
  assertFresh()
  const needs = (those) => names.some((name) => those.includes(name))
  if (needs(NEED_DEVTOOLS) && !hasDevTools())
    throw new Error(
      "WeChat's tools are not installed: run npm ci --ignore-scripts --prefix tools/devtools-check first.",
    )
  return withFolder(async (folder) => {
    const report = createReport()
    const read = (...files) => files.map((file) => readFileSync(path.join(root, file), 'utf8')).join('\n')
    // What the README does not have itself it leads to.
    const readme = read('README.md', 'docs/quick-start.md', 'docs/where-it-runs.md', 'docs/testing.md')
    const inChinese = read('README.zh-CN.md')
    await report.check('README: how to install it, the same in both languages', () => {
      for (const text of [readme, inChinese]) assert.equal(flagsOfInstall(text), '')
      assert.deepEqual(projectSettings(inChinese), projectSettings(readme))
    })
    const context = { ...report, folder, readme, tarball: packFolder(root, folder) }
    if (needs(NEED_MATRIX)) {
      const isThere = await report.check(
        'compilers and typings beside the package: npm install, without a flag',
        async () => {
          context.matrix = await installMatrix(context)
        },
      )
      if (!isThere) names = names.filter((name) => !NEED_MATRIX.includes(name))
    }
    for (const name of names) {
      const begun = performance.now()
      await NEWCOMERS[name](context)
      console.log(`-- ${name}: ${((performance.now() - begun) / 1000).toFixed(0)} s`)
    }
    return report.counts
  })
}
