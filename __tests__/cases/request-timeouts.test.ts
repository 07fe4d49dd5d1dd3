import { watch } from '../laws/world'
import { NDJSON, scriptedWorld, sendBy, STREAM, textOf, type Scripted, type Kind } from './request-helpers'

const SECOND = 1000

/** Signs of life every `step` seconds until `last`. */
function every(call: Scripted, step: number, last: number, sign: (second: number) => void): void {
  for (let second = step; second <= last; second += step) call.at(second * SECOND, () => sign(second))
}

describe('R5: a stream may take as long as it lives', () => {
  const stream = { url: STREAM, enableChunked: true }

  test('chunks for 45 s are heard to the end', async () => {
    const { fake, api } = await scriptedWorld('request', (call) => {
      call.at(100, () => call.head(200, NDJSON))
      every(call, 5, 45, (second) => call.chunk(`${second};`))
      call.at(46 * SECOND, () => call.succeed())
    })
    let heard = ''
    const task = api.request(stream)
    task.onChunkReceived(({ data }) => (heard += textOf(data)))
    const ended = watch(task, fake)
    await fake.clock.runAll()
    expect([ended.code, heard]).toEqual(['ok', '5;10;15;20;25;30;35;40;45;'])
  })

  test('silence of `timeout` ms ends it, counted from the last chunk', async () => {
    const { fake, api, calls } = await scriptedWorld('request', (call) => {
      call.at(100, () => call.head(200, NDJSON))
      every(call, 5, 45, () => call.chunk('x'))
    })
    const ended = watch(api.request(stream), fake)
    await fake.clock.advance(74 * SECOND)
    expect(ended.code).toBe('pending')
    await fake.clock.advance(2 * SECOND)
    expect([ended.code, calls[0]?.isAborted]).toEqual(['TIMEOUT', true])
  })

  test('chunks that are held back are signs of life too', async () => {
    const { fake, api } = await scriptedWorld('request', (call) => {
      every(call, 2, 10, () => call.chunk('x'))
      call.at(11 * SECOND, () => call.succeed())
    })
    const ended = watch(api.request({ ...stream, timeout: 3 * SECOND }), fake)
    await fake.clock.runAll()
    expect(ended.code).toBe('ok')
  })

  test('totalTimeout ends it all the same, however lively it is', async () => {
    const { fake, api } = await scriptedWorld('request', (call) => {
      call.at(100, () => call.head(200, NDJSON))
      every(call, 1, 60, () => call.chunk('x'))
    })
    const ended = watch(api.request({ ...stream, totalTimeout: 20 * SECOND }), fake)
    await fake.clock.advance(21 * SECOND)
    expect(ended.code).toBe('TIMEOUT')
  })

  test('ten streams, one of which falls silent: it alone ends', async () => {
    const { fake, api } = await scriptedWorld('request', (call) => {
      call.at(100, () => call.head(200, NDJSON))
      every(call, 2, call.nth === 3 ? 4 : 20, () => call.chunk('x'))
      call.at(21 * SECOND, () => call.nth !== 3 && call.succeed())
    })
    // One lane may be kept for a login.
    const all = Array.from({ length: 9 }, () => watch(api.request({ ...stream, timeout: 5 * SECOND }), fake))
    await fake.clock.runAll()
    expect(all.map(({ code }) => code)).toEqual(all.map((_, n) => (n === 3 ? 'TIMEOUT' : 'ok')))
  })
})

describe('R6: a file may take as long as it moves', () => {
  test.each(['uploadFile', 'downloadFile'] as const)('%s that moves for 40 s', async (kind) => {
    const { fake, api } = await scriptedWorld(kind, (call) => {
      every(call, 4, 40, (second) => call.progress(second))
      call.at(41 * SECOND, () => call.succeed({ tempFilePath: 'wxfile://tmp' }))
    })
    const ended = watch(sendBy(api, kind), fake)
    await fake.clock.runAll()
    expect(ended.code).toBe('ok')
  })

  test.each(['uploadFile', 'downloadFile'] as const)(
    '%s that stops moving ends `timeout` ms later',
    async (kind) => {
      const { fake, api, calls } = await scriptedWorld(kind, (call) => {
        every(call, 4, 40, (second) => call.progress(second))
      })
      const ended = watch(sendBy(api, kind, { retry: false, timeout: 10 * SECOND }), fake)
      await fake.clock.advance(49 * SECOND)
      expect(ended.code).toBe('pending')
      await fake.clock.advance(2 * SECOND)
      expect([ended.code, calls[0]?.isAborted]).toEqual(['TIMEOUT', true])
    },
  )

  test.each(['uploadFile', 'downloadFile'] as const)(
    '%s that never moves ends after `timeout`',
    async (kind) => {
      const { fake, api } = await scriptedWorld(kind, () => undefined)
      const ended = watch(sendBy(api, kind, { timeout: 10 * SECOND }), fake)
      await fake.clock.advance(11 * SECOND)
      expect(ended.code).toBe('TIMEOUT')
    },
  )

  test('the head of an answer is a sign of life', async () => {
    const { fake, api } = await scriptedWorld('downloadFile', (call) => {
      call.at(8 * SECOND, () => call.head(200))
      call.at(16 * SECOND, () => call.succeed({ tempFilePath: 'wxfile://tmp' }))
    })
    const ended = watch(sendBy(api, 'downloadFile', { timeout: 10 * SECOND }), fake)
    await fake.clock.runAll()
    expect(ended.code).toBe('ok')
  })

  test('a replayed upload has its whole time again', async () => {
    const { fake, api, calls } = await scriptedWorld('uploadFile', (call) => {
      every(call, 4, 20, (second) => call.progress(second))
      call.at(21 * SECOND, () => call.succeed({ statusCode: call.nth === 0 ? 401 : 200 }))
    })
    const ended = watch(sendBy(api, 'uploadFile', { timeout: 5 * SECOND }), fake)
    await fake.clock.runAll()
    expect([ended.code, calls.length]).toEqual(['ok', 2])
  })

  test('a plain request has its deadline from dispatch, whatever its head says', async () => {
    const { fake, api } = await scriptedWorld('request', (call) => {
      every(call, 4, 60, () => call.head(200))
    })
    const ended = watch(api.request({ url: '/report' }), fake)
    await fake.clock.advance(31 * SECOND)
    expect(ended.code).toBe('TIMEOUT')
  })
})

describe('what WeChat itself is told of time-outs', () => {
  const given = (kind: Kind, extras: object) =>
    scriptedWorld(kind, (call) => call.at(10, () => call.succeed({ tempFilePath: 'wxfile://tmp' }))).then(
      async ({ fake, api, calls }) => {
        const ended = watch(sendBy(api, kind, extras), fake)
        await fake.clock.runAll()
        expect(ended.code).toBe('ok')
        return calls[0]?.options.timeout
      },
    )

  test.each([
    ['uploadFile', {}],
    ['downloadFile', {}],
    ['request', { enableChunked: true }],
    ['uploadFile', { timeout: 5000 }],
  ] as const)('%s with %j: ten minutes, for the signs of life are ours to count', async (kind, extras) => {
    expect(await given(kind, extras)).toBe(600_000)
  })

  test.each([
    ['uploadFile', {}],
    ['downloadFile', {}],
    ['request', { enableChunked: true }],
  ] as const)('%s with a totalTimeout: that', async (kind, extras) => {
    expect(await given(kind, { ...extras, totalTimeout: 120_000 })).toBe(120_000)
  })

  test('a plain request: its timeout', async () => {
    expect(await given('request', { timeout: 5000 })).toBe(5000)
  })
})
