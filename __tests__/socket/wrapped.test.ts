import { inside } from '../../src/entry/door'
import { INSIDE } from '../../src/inside'
import { openSocket } from '../../src/socket'
import { listen, PATH, phoneWith, SOON } from './world'

function wrapped() {
  const world = phoneWith()
  const ends = new Set<() => void>()
  const scope = { ...world.api, [INSIDE]: { ...inside(world.api), ends } }
  return { ...world, ends, heard: listen(openSocket(scope, { url: PATH })) }
}

describe('on a wrapper of a client that hands on its door, bound to itself', () => {
  test('it is ended without an error by what ends the wrapper', async () => {
    const { fake, ends, heard } = wrapped()
    await fake.clock.advance(SOON)
    ends.forEach((end) => end())
    await fake.clock.runAll()
    expect([heard.log, heard.closes, heard.errors]).toEqual([
      ['=open', 'open', '=closed', 'close 1000'],
      [{ code: 1000, reason: '', wasOpen: true, willReconnect: false }],
      [],
    ])
    expect([ends.size, fake.openSockets]).toEqual([0, 0])
  })

  test('a logout of its client is told as such', async () => {
    const { fake, api, ends, heard } = wrapped()
    await fake.clock.advance(SOON)
    inside(api).ends.add(() => ends.forEach((end) => end()))
    api.logout()
    expect(heard.errors).toMatchObject([{ code: 'LOGGED_OUT' }])
  })
})
