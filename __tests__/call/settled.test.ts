import type { Platform } from '../../src'
import type { Controlled } from '../../src/call/task'
import { INSIDE } from '../../src/inside'
import { clientOn, makeWorld } from '../laws/world'

/** All that can be reached from the fields of an object. */
function reachable(from: object, found = new Set<unknown>()): Set<unknown> {
  for (const key of Reflect.ownKeys(from)) {
    const { value } = Object.getOwnPropertyDescriptor(from, key) as { value?: unknown }
    if (Object(value) !== value || found.has(value)) continue
    found.add(value)
    reachable(value as object, found)
  }
  return found
}

/** A platform that keeps what it was called with, as long as it likes. */
function keeping() {
  const { fake } = makeWorld()
  const kept: object[] = []
  const { request } = fake.wx as object as { request: (options: object) => unknown }
  const platform = {
    ...fake.wx,
    request: (options: object) => {
      kept.push(options)
      return request(options)
    },
  } as object as Platform
  return { fake, kept, api: clientOn(fake, { platform }).api }
}

test.each([200, 404])(
  'a request answered with %i has nothing that has it: where references are counted, it is freed at once',
  async (statusCode) => {
    const { fake, kept, api } = keeping()
    fake.server.on('/a', () => ({ statusCode }))
    const task = api.get('/a')
    task.catch(() => undefined)
    await fake.clock.runAll()
    const { [INSIDE]: call } = task as object as Controlled
    const has = [...reachable(call)]
    expect(has).not.toContain(call)
    expect(has.filter((thing) => reachable(thing as object).has(call))).toEqual([])
    // Its callbacks have what waited for the answer.
    expect(has).not.toContain(kept[kept.length - 1])
    // The functions that settle a promise have the promise.
    const isNative = (thing: unknown) =>
      typeof thing === 'function' && String(thing).includes('[native code]')
    expect(has.filter(isNative)).toEqual([])
  },
)
