import { inside } from '../../src/entry/door'
import { streamText } from '../../src/stream'
import { codesOf, times } from '../laws/world'
import { read, streaming, URL } from './world'

test('nobody is told of logouts once a stream is over', async () => {
  const { fake, api } = streaming(() => ({ chunks: ['A', { after: 100, data: 'B' }] }))
  const { ends } = inside(api)
  const got = times(3, () => read(streamText(api, { url: URL }), fake))
  expect(ends.size).toBe(3)
  await fake.clock.runAll()
  expect([codesOf(got), ends.size]).toEqual([['ok', 'ok', 'ok'], 0])
})
