import type { StorageErrorEvent } from '../../src'
import { createEvents } from '../../src/events'
import { makeSession } from '../../src/session/record'
import { createStore } from '../../src/session/store'
import { createFakeClock } from '../../src/testing'
import { createTimers } from '../../src/timers'

type Operation = 'get' | 'set' | 'remove'
type Behaviour = { takes?: number; fails?: unknown }

/** A store over a box, whose next operations of a kind behave as they are told. */
function storeOn(held?: unknown, isAsync = false) {
  const clock = createFakeClock()
  const timers = createTimers(() => clock)
  const box = { held }
  const log: string[] = []
  const next: Record<Operation, Behaviour[]> = { get: [], set: [], remove: [] }
  const act = (operation: Operation, run: () => unknown): unknown => {
    const { takes, fails } = next[operation].shift() ?? {}
    log.push(operation)
    if (takes === undefined && !isAsync) {
      if (fails !== undefined) throw fails as Error
      return run()
    }
    return new Promise((resolve, reject) =>
      clock.setTimeout(() => {
        if (fails === undefined) resolve(run())
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- stores reject with what they like
        else reject(fails)
      }, takes ?? 1),
    )
  }
  const events = createEvents(timers.wallClock)
  const told: StorageErrorEvent[] = []
  events.on((event) => {
    if (event.type === 'storage-error') told.push(event)
  })
  const store = createStore(
    {
      get() {
        const seen = box.held
        return act('get', () => seen)
      },
      set: (session) => act('set', () => (box.held = session)),
      remove: () => act('remove', () => (box.held = undefined)),
    },
    timers,
    events,
  )
  /** What a read finds, and whether it is news. */
  const read = async (): Promise<[string | undefined, boolean]> => {
    let found: [string | undefined, boolean] | undefined
    store.read((stored, isNews) => (found = [stored?.session.token, isNews]))
    if (!found) await clock.runAll()
    return found ?? ['never answered', false]
  }
  return { clock, box, log, next, told, store, read }
}

const record = (token: string) => makeSession({ token, data: { refreshToken: 'r' } })

describe('whether what is read is news', () => {
  test('a token that this copy has not seen is, as often as it is read', async () => {
    const { read } = storeOn({ token: 'a' })
    expect([await read(), await read()]).toEqual([
      ['a', true],
      ['a', true],
    ])
  })

  test('one that was taken up, or written, is none, also after others', async () => {
    const { box, store, read } = storeOn({ token: 'a' })
    await read()
    store.took('a')
    expect(await read()).toEqual(['a', false])
    store.write(record('b'))
    expect(await read()).toEqual(['b', false])
    box.held = { token: 'a' }
    expect(await read()).toEqual(['a', false])
    box.held = { token: 'c' }
    expect(await read()).toEqual(['c', true])
  })

  test('what a logout was to remove before anything was read is none, though the store still shows it', async () => {
    const { next, store, read, box } = storeOn({ token: 'a' })
    next.remove.push({ fails: new Error('busy') })
    store.remove()
    expect(await read()).toEqual(['a', false])
    box.held = { token: 'b' }
    expect(await read()).toEqual(['b', true])
  })

  test('of many tokens the last twenty are remembered', async () => {
    const { box, store, read } = storeOn()
    for (let n = 0; n < 21; n++) store.took(`token-${n}`)
    for (const [n, isNews] of [
      [0, true],
      [1, false],
      [20, false],
    ] as const) {
      box.held = { token: `token-${n}` }
      expect(await read()).toEqual([`token-${n}`, isNews])
    }
  })

  test('nothing is no news', async () => {
    expect(await storeOn().read()).toEqual([undefined, false])
  })
})

test('a store that answers at once is read at once', () => {
  const { store } = storeOn({ token: 'a' })
  let found = false
  store.read(() => (found = true))
  expect(found).toBe(true)
})

test('one operation comes after the other, in the order in which they were asked for', async () => {
  const { clock, next, box, log, store } = storeOn(undefined, true)
  next.set.push({ takes: 500 })
  store.write(record('a'))
  store.remove()
  store.write(record('b'))
  await clock.runAll()
  expect(log).toEqual(['set', 'remove', 'set'])
  expect(box.held).toMatchObject({ token: 'b' })
})

test('what is asked for in answer to a read comes after what was asked before', async () => {
  const { clock, box, store } = storeOn({ token: 'a' }, true)
  store.read(() => store.write(record('late')))
  store.write(record('early'))
  await clock.runAll()
  expect(box.held).toMatchObject({ token: 'late' })
})

describe('a change of one token alone', () => {
  test.each([true, false])('is made where the store still has it (by promise: %s)', async (isAsync) => {
    const { clock, box, store } = storeOn({ token: 'a' }, isAsync)
    store.end(record('a'))
    await clock.runAll()
    expect(box.held).toMatchObject({ token: 'a', expiresAt: 1, data: { refreshToken: 'r' } })
    store.remove('a')
    await clock.runAll()
    expect(box.held).toBeUndefined()
  })

  test.each([true, false])(
    'is not made where another copy has logged in (by promise: %s)',
    async (isAsync) => {
      const { clock, box, log, store } = storeOn({ token: 'of-another' }, isAsync)
      store.end(record('a'))
      store.remove('a')
      await clock.runAll()
      expect(box.held).toEqual({ token: 'of-another' })
      expect(log).toEqual(['get', 'get'])
    },
  )
})

describe('an operation that has not answered within 3 s', () => {
  test('counts as failed, and is told of', async () => {
    const { clock, next, told, store, read } = storeOn({ token: 'a' })
    next.get.push({ takes: 5000 })
    let found: unknown = 'nothing yet'
    store.read((stored) => (found = stored))
    await clock.advance(2999)
    expect(found).toBe('nothing yet')
    await clock.advance(1)
    expect(found).toBeUndefined()
    expect(told).toMatchObject([{ operation: 'read', message: 'no answer within 3000 ms' }])
    expect(await read()).toEqual(['a', true])
  })

  test('holds up those after it no longer', async () => {
    const { clock, next, box, store } = storeOn()
    next.set.push({ takes: 1e6 })
    store.write(record('a'))
    store.write(record('b'))
    await clock.advance(3000)
    expect(box.held).toMatchObject({ token: 'b' })
  })

  test('and comes after a newer change does not outlive it: that is made once more', async () => {
    const { clock, next, box, log, store } = storeOn()
    next.set.push({ takes: 4000 })
    store.write(record('a'))
    store.remove()
    await clock.runAll()
    expect(box.held).toBeUndefined()
    expect(log).toEqual(['set', 'remove', 'remove'])
  })

  test('and fails in the end has changed nothing, so nothing is made again', async () => {
    const { clock, next, log, store } = storeOn()
    next.set.push({ takes: 4000, fails: new Error('full') })
    store.write(record('a'))
    store.remove()
    await clock.runAll()
    expect(log).toEqual(['set', 'remove'])
  })

  test('and is the newest is not made twice', async () => {
    const { clock, next, box, log, store } = storeOn()
    next.set.push({ takes: 4000 })
    store.write(record('a'))
    await clock.runAll()
    expect(log).toEqual(['set'])
    expect(box.held).toMatchObject({ token: 'a' })
  })

  test('and was a read makes no change again', async () => {
    const { clock, next, log, store } = storeOn({ token: 'a' })
    next.get.push({ takes: 4000 })
    store.read(() => undefined)
    store.write(record('b'))
    await clock.runAll()
    expect(log).toEqual(['get', 'set'])
  })
})

describe('what is told of a failure', () => {
  test.each<[string, unknown, string]>([
    ['an Error', new Error('disk full'), 'disk full'],
    ['what WeChat fails with', { errMsg: 'setStorage:fail full' }, 'setStorage:fail full'],
    ['words alone', 'no space', 'no space'],
    ['nothing', undefined, 'undefined'],
  ])('of %s', (_what, reason, message) => {
    const { next, told, store } = storeOn()
    next.set.push({ fails: reason ?? null })
    store.write(record('token-1'))
    expect(told).toMatchObject([{ operation: 'write', message: reason === undefined ? 'null' : message }])
  })

  test('shows neither the token nor what a parser quotes', () => {
    const { next, told, store } = storeOn()
    next.set.push(
      { fails: new Error('cannot write token-1') },
      { fails: new SyntaxError('Unexpected "{tok') },
    )
    store.write(record('token-1'))
    store.write(record('token-1'))
    next.set.push({ fails: new SyntaxError('Unexpected token in "{"token":"token-1"}"') })
    store.write(record('token-1'))
    expect(JSON.stringify(told)).not.toContain('token-1')
    expect(told[0]?.message).toBe('cannot write ***')
    expect(told[2]?.message).toBe('Unexpected token in "…"')
  })

  test('garbage is a failure to read, and nothing is not', async () => {
    const { box, told, read } = storeOn()
    for (const nothing of [undefined, null, '']) {
      box.held = nothing
      await read()
    }
    expect(told).toEqual([])
    box.held = { tokens: 'x' }
    await read()
    expect(told).toMatchObject([
      { operation: 'read', message: expect.stringContaining('not a session') as string },
    ])
  })

  test('comes once while a store goes on failing to remove, and again after it has done so', () => {
    const { next, told, store } = storeOn()
    next.remove.push({ fails: 'no' }, { fails: 'no' })
    store.remove()
    store.remove()
    expect(told).toHaveLength(1)
    store.remove()
    next.remove.push({ fails: 'no' })
    store.remove()
    expect(told).toHaveLength(2)
  })
})
