// `npm run newcomers`: the package tried as newcomers would, from its tarball, by the README alone, outside the repository.
//   --all           also what takes minutes: the matrix of compilers and typings, Taro, uni-app, the example with Taro
//   --only NAME     typescript, javascript, page-tests, matrix, taro, uni-app or example-taro; may be given more than once
//   --results FILE  where to write how many passed and failed, for tools/tally.mjs
import { writeFileSync } from 'node:fs'
import { choice, problemWithNode } from './choice.mjs'

try {
  const problem = problemWithNode()
  if (problem) throw new Error(problem)
  const { names, results } = choice(process.argv.slice(2))
  // Only now: an old Node cannot load the rest.
  const { tryNewcomers } = await import('./newcomers.mjs')
  const { passed, failed, skipped } = await tryNewcomers(names)
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
  if (results) writeFileSync(results, `TAP version 13\n# pass ${passed}\n# fail ${failed}\n`)
  process.exitCode = failed === 0 ? 0 : 1
} catch (error) {
  console.error(error.message)
  process.exitCode = 2
}
