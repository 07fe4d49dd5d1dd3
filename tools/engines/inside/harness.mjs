/** `describe`, `test` and `expect` where there is nothing but the language. */
import { AbortController } from 'abortcontroller-polyfill/dist/cjs-ponyfill'
import { expect } from 'expect'
import { format } from 'pretty-format'
import { jest } from './mock.mjs'
import { say } from './shell.mjs'
import { turn, unhandled } from './turns.mjs'

const tests = []
let scope = { names: [], before: [], after: [], parent: undefined }

function describe(name, body) {
  const parent = scope
  scope = { names: [...parent.names, name], before: [], after: [], parent }
  body()
  scope = parent
}

function test(name, body) {
  tests.push({ name: [...scope.names, name].join(' › '), body, scope })
}

const each = (define) => (cases) => (name, body) => {
  cases.forEach((one, index) => {
    const args = Array.isArray(one) ? one : [one]
    define(titleOf(name, args, index), () => body(...args))
  })
}
describe.each = each(describe)
test.each = each(test)

function titleOf(name, args, index) {
  let next = 0
  const words = { j: JSON.stringify, p: format }
  return name
    .replace(/%([sdijp#])/g, (_, kind) => (kind === '#' ? index : (words[kind] ?? String)(args[next++])))
    .replace(/\$(\w+)/g, (word, key) => (Object(args[0])[key] === undefined ? word : String(args[0][key])))
}

Object.assign(globalThis, {
  AbortController: globalThis.AbortController ?? AbortController,
  describe,
  test,
  it: test,
  expect,
  jest,
  beforeEach: (run) => void scope.before.push(run),
  afterEach: (run) => void scope.after.push(run),
})

/** Runs them one after the other. What is begun is said before it, so that one that never ends can be named. */
export async function runTests() {
  let passed = 0
  for (const { name, body, scope } of tests) {
    say({ begun: name })
    try {
      for (const run of hooks(scope, 'before').reverse()) await run()
      try {
        await body()
      } finally {
        for (const run of hooks(scope, 'after')) await run()
      }
      await turn()
      if (unhandled.length > 0) throw unhandled.splice(0)[0]
      passed++
    } catch (error) {
      say({ failed: name, message: String(error?.message ?? error), stack: String(error?.stack ?? '') })
    }
  }
  return { passed, failed: tests.length - passed }
}

const hooks = (scope, kind) => (scope ? [...scope[kind], ...hooks(scope.parent, kind)] : [])
