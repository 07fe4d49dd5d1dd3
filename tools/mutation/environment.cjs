const { TestEnvironment } = require('jest-environment-node')

/** What makes a run of Jest for each mutant quick enough, now that all the tests are in one file. */
module.exports = class extends TestEnvironment {
  handleTestEvent({ name, test }, state) {
    if (name === 'run_start' && state.testNamePattern) state.testNamePattern = setOf(state.testNamePattern)
    // Once a test has failed, the mutant is dead. Jest's own `bail` is about files.
    if (name === 'test_fn_failure') this.hasFailed = true
    if (name === 'test_start' && this.hasFailed) test.mode = 'skip'
  }
}

/** Stryker asks for its tests by a pattern of hundreds of names, which takes a second to match against them all. */
function setOf(pattern) {
  const names = new Set(pattern.source.slice(1, -1).split(')|('))
  const asPattern = (name) => new RegExp(name.replace(/[.*+\-?^${}()|[\]\\]/g, '\\$&')).source
  return { test: (name) => names.has(asPattern(name)) }
}
