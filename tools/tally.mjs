// Sums what the test runners have written: `node tools/tally.mjs results/*`, Jest's JSON and Node's TAP.
import { readFileSync } from 'node:fs'

const total = { passed: 0, failed: 0 }
for (const file of process.argv.slice(2)) {
  const { passed, failed } = file.endsWith('.json') ? ofJest(file) : ofNode(file)
  total.passed += passed
  total.failed += failed
}
console.log(`${total.passed} passed, ${total.failed} failed`)

/** A suite that could not even start has no tests to count, and counts as one that failed. */
function ofJest(file) {
  const result = JSON.parse(readFileSync(file, 'utf8'))
  return {
    passed: result.numPassedTests,
    failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
  }
}

function ofNode(file) {
  const text = readFileSync(file, 'utf8')
  const count = (word) => Number(new RegExp(`^# ${word} (\\d+)`, 'm').exec(text)?.[1] ?? 0)
  return { passed: count('pass'), failed: count('fail') + count('cancelled') }
}
