// The harness can fail: each kind of broken test is told by its name, and the Promise of the phones is one.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bundle } from './bundle.mjs'
import { ENGINES, run } from './engines.mjs'
import { createPromise } from './inside/promise.mjs'

const engines = ENGINES.filter(({ command }) => command)

/** Runs a script of tests, and gives the names of those that failed, those that began, and the counts. */
async function report(engine, tests, promises) {
  const code = `import { TextDecoder, TextEncoder } from 'node:util'
    import { runTests } from './harness.mjs'
    import { say } from './shell.mjs'
    ${tests}
    start(async () => say({ done: await runTests() }))`
  const told = { failed: [], begun: [], done: undefined }
  await run(engine, await bundle({ code, promises }), (message) => {
    if (message.failed) told.failed.push([message.failed, message.message])
    if (message.begun) told.begun.push(message.begun)
    if (message.done) told.done = message.done
  })
  return told
}

const TESTS = `
  afterEach(() => jest.restoreAllMocks())
  describe('a describe', () => {
    test('good', async () => { expect(await Promise.resolve({ a: 1, b: 2 })).toMatchObject({ a: 1 }) })
    test('wrong', () => { expect([1, { a: 2 }]).toEqual([1, { a: 3 }]) })
    test('wrong later', async () => { await Promise.resolve(); expect('abc').not.toMatch(/b/) })
    test('wrong rejection', async () => { await expect(Promise.resolve(1)).rejects.toThrow('x') })
    test.each([[1, 'one'], [2, 'two']])('%d is %s', (n) => { expect(n).toBe(1) })
    test('a spy', () => {
      const object = { call: (n) => n + 1 }
      const spy = jest.spyOn(object, 'call')
      expect(object.call(1)).toBe(2)
      expect(spy).toHaveBeenCalledWith(1)
      expect(spy).toHaveBeenCalledTimes(2)
    })
    test('good matchers', () => {
      expect({ name: 'a', list: [1] }).toEqual({
        name: expect.not.stringMatching(/b/),
        list: expect.not.arrayContaining([2]),
      })
    })
    test('good bytes', () => {
      expect(new TextDecoder().decode(new TextEncoder().encode('李'))).toBe('李')
    })
    test('good turn', async () => {
      const ran = []
      setImmediate(() => ran.push('turn'))
      await Promise.resolve().then(() => ran.push('job'))
      await new Promise(setImmediate)
      expect(ran).toEqual(['job', 'turn'])
    })
    test('good signal', () => {
      const controller = new AbortController()
      const heard = jest.fn()
      controller.signal.addEventListener('abort', heard)
      controller.abort()
      expect([controller.signal.aborted, heard.mock.calls.length]).toEqual([true, 1])
    })
    test('good end of the stack', () => {
      const deeper = (depth) => deeper(depth + 1) + 1
      expect(() => deeper(0)).toThrow(/stack|recursion/)
    })
    test('what jest has and this has not', () => jest.useFakeTimers())
  })`

for (const engine of engines) {
  for (const promises of ['native', 'timers']) {
    test(`${engine.name}, ${promises}: tests that are wrong fail, and no others`, async () => {
      const { failed, done } = await report(engine, TESTS, promises)
      assert.deepEqual(
        failed.map(([name]) => name.replace('a describe › ', '')),
        ['wrong', 'wrong later', 'wrong rejection', '2 is two', 'a spy', 'what jest has and this has not'],
      )
      assert.deepEqual(done, { passed: 7, failed: 6 })
    })

    test(`${engine.name}, ${promises}: a test that never ends is the last that began, and nothing is done`, async () => {
      const { begun, done } = await report(
        engine,
        `test('quick', () => {}); test('never', () => new Promise(() => {})); test('after', () => {})`,
        promises,
      )
      assert.deepEqual([begun.at(-1), done], ['never', undefined])
    })
  }
}

for (const engine of engines.filter(({ id }) => id !== 'quickjs')) {
  test(`${engine.name}: a rejection that nobody handles fails its test, one that is handled in time does not`, async () => {
    const { failed, done } = await report(
      engine,
      `test('left', () => void Promise.reject(new Error('nobody')))
       test('handled', () => Promise.reject(new Error('x')).catch(() => undefined))
       test('left in the midst', async () => {
         const late = Promise.reject(new Error('late'))
         await new Promise(setImmediate)
         await late.catch(() => undefined)
       })`,
      'native',
    )
    assert.deepEqual(failed, [
      ['left', 'nobody'],
      ['left in the midst', 'late'],
    ])
    assert.deepEqual(done, { passed: 1, failed: 2 })
  })
}

/** Says when which callback ran, in the terms of a given Promise. */
async function order(Promise, wait) {
  const log = []
  const say = (word) => () => void log.push(word)
  const thenable = { then: (resolve) => (log.push('its then'), resolve('from it')) }
  Promise.resolve().then(say('1a')).then(say('1b')).then(say('1c')).then(say('1d'))
  Promise.resolve(thenable).then(say('thenable'))
  Promise.resolve()
    .then(() => Promise.resolve())
    .then(say('inner'))
  Promise.reject(new Error('x'))
    .then(say('never'))
    .catch(say('caught'))
    .finally(say('finally'))
    .then(say('end'))
  new Promise((resolve, reject) => (resolve(1), reject(2), resolve(3))).then((value) =>
    log.push(`first ${value}`),
  )
  new Promise(() => {
    throw new Error('x')
  }).catch(say('thrown'))
  Promise.all([1, Promise.resolve(2), thenable]).then((all) => log.push(all.join()))
  Promise.race([Promise.reject(1), 2]).then(say('never'), say('race'))
  Promise.allSettled([Promise.reject(1), 2]).then((all) => log.push(JSON.stringify(all)))
  const self = new Promise((resolve) => Promise.resolve().then(() => resolve(self)))
  self.catch((error) => log.push(error.constructor.name))
  await wait()
  return log
}

test("the phones' Promise runs the same callbacks in the same order as the language's", async () => {
  const ours = createPromise({ defer: (job) => globalThis.queueMicrotask(job) })
  const wait = () => new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(await order(ours, wait), await order(Promise, wait))
})

test('a callback belongs to one turn more than the later of its settlement and its then', () => {
  const jobs = []
  let turn = 0
  const Counting = createPromise({ defer: (job, turn) => void jobs.push({ job, turn }), turn: () => turn })
  const seen = []
  const step = () => void seen.push(turn)
  Counting.resolve().then(step).then(step).then(step)
  let resolve
  new Counting((yes) => (resolve = yes)).then(step)
  Counting.resolve()
    .then(() => undefined)
    .then(() => resolve())
  for (let next = jobs.shift(); next; next = jobs.shift()) {
    turn = next.turn
    next.job()
  }
  assert.deepEqual(seen.sort(), [1, 2, 3, 3])
})
