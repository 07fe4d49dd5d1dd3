/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  plugins: ['@stryker-mutator/jest-runner', './tools/mutation/messages.mjs'],
  testRunner: 'jest',
  jest: { configFile: 'tools/mutation/jest.config.mjs', enableFindRelatedTests: false },
  buildCommand: 'node tools/mutation/bundle.mjs',
  coverageAnalysis: 'perTest',
  mutate: ['src/session/**/*.ts', 'src/call/**/*.ts', 'src/transport/**/*.ts'],
  ignorers: ['messages'],
  ignorePatterns: ['bench', 'demo', 'docs', 'example-*', '.ci', 'tools/*', '!tools/mutation'],
  tempDirName: 'tools/mutation/tmp',
  incremental: true,
  incrementalFile: 'tools/mutation/reports/incremental.json',
  reporters: ['progress-append-only', 'json', 'html'],
  jsonReporter: { fileName: 'tools/mutation/reports/mutation.json' },
  htmlReporter: { fileName: 'tools/mutation/reports/mutation.html' },
  concurrency: 2,
  // Tests that wait for what never comes give up after 2 s (jest.config.mjs): this is for loops without an end, and
  // long, so that a busy machine makes no survivor look like one.
  timeoutMS: 30_000,
  timeoutFactor: 4,
  thresholds: { high: 95, low: 90, break: 90 },
}
