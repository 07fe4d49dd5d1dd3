import { codesOf, times, watch } from '../laws/world'
import { sendBy } from './request-helpers'
import { accepted, another, arrived, full, hold } from './request-lanes-world'

describe('ten lanes, shared by all clients on a phone', () => {
  test('one client with an accepted token has all ten', async () => {
    const { fake, api } = await full()
    hold(fake, api, 15)
    await fake.clock.advance(100)
    expect([fake.network.running, fake.network.waiting]).toEqual([10, 0])
  })

  test('two clients have ten together, uploads and downloads counted', async () => {
    const { fake, api } = await full()
    const other = another(fake, 'two')
    await accepted(fake, other)
    hold(fake, api, 8)
    hold(fake, other, 8)
    fake.server.hold('/file')
    const files = [watch(sendBy(api, 'uploadFile'), fake), watch(sendBy(other, 'downloadFile'), fake)]
    await fake.clock.advance(100)
    expect([fake.network.running, fake.network.waiting]).toEqual([10, 0])
    fake.server.release()
    await fake.clock.runAll()
    expect([codesOf(files), fake.calls.maxParallel]).toEqual([['ok', 'ok'], 10])
  })

  test('who has waited longest goes first, whichever client asked', async () => {
    const { fake, api } = await full()
    const other = another(fake, 'two')
    await accepted(fake, other)
    hold(fake, api, 10)
    await fake.clock.advance(50)
    const asked = times(6, (n) => watch((n % 2 ? api : other).get('/next', { n }), fake))
    for (let n = 0; n < 6; n++) {
      fake.server.release('/held', 1)
      await fake.clock.advance(50)
    }
    expect([codesOf(asked), arrived(fake, '/next')]).toEqual([times(6, () => 'ok'), times(6, String)])
  })

  test('a client at its own limit is passed over', async () => {
    const { fake, api } = await full({ concurrency: 2 })
    const other = another(fake, 'two')
    await accepted(fake, other)
    const mine = hold(fake, api, 3)
    await fake.clock.advance(50)
    const theirs = watch(other.get('/next'), fake)
    await fake.clock.advance(50)
    expect([arrived(fake, '/held').length, theirs.code]).toEqual([2, 'ok'])
    fake.server.release()
    await fake.clock.runAll()
    expect(codesOf(mine)).toEqual(['ok', 'ok', 'ok'])
  })

  test('clones share their client’s limit', async () => {
    const { fake, api } = await full({ concurrency: 3 })
    const clone = api.extend({ timeout: 99_000 })
    hold(fake, api, 3)
    hold(fake, clone, 3)
    await fake.clock.advance(50)
    expect(fake.network.running).toBe(3)
  })

  test('authorize() takes no lane', async () => {
    const { fake, api } = await full()
    hold(fake, api, 10)
    await fake.clock.advance(50)
    const run = watch(
      api.authorize((token) => token),
      fake,
    )
    await fake.clock.settle()
    expect(run.value).toBe('one')
  })
})
