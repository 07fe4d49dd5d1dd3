import { makeWorld, phasesOf, requestEvents, soon, watch } from './world'

describe('law 9: a request ends once', () => {
  test('one that a listener aborts on hearing of its send gives its lane back', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: { checkSession: false, concurrency: 1 } })
    fake.server.latency('/first', 50)
    const first = watch(api.get('/first'), fake)
    const task = api.get('/a')
    const aborted = watch(task, fake)
    let sent = 0
    api.on((event) => {
      if (event.type === 'request' && event.phase === 'send' && ++sent === 1) task.abort()
    })
    const last = await soon(fake, api.get('/b'), 200)
    expect([first.code, aborted.code, last.code, sent]).toEqual(['ok', 'ABORTED', 'ok', 2])
  })

  test('an abort after its end is told to nobody, nor is a second abort', async () => {
    const { fake, api, events } = makeWorld({ stored: 'good', client: { checkSession: false } })
    const served = api.get('/a')
    expect((await soon(fake, served)).code).toBe('ok')
    served.abort()
    expect(phasesOf(events, 'request')).toEqual(['send', 'success'])
    const aborted = api.get('/b')
    const watched = watch(aborted, fake)
    aborted.abort()
    aborted.abort()
    await fake.clock.runAll()
    expect(watched.code).toBe('ABORTED')
    expect(
      requestEvents(events)
        .slice(2)
        .map(({ phase }) => phase),
    ).toEqual(['send', 'fail'])
  })

  test('a totalTimeout that is not needed any more leaves no timer behind', async () => {
    const { fake, api } = makeWorld({ stored: 'good', client: { totalTimeout: 600_000 } })
    expect((await soon(fake, api.get('/a'))).code).toBe('ok')
    await fake.clock.advance(40_000)
    expect(fake.clock.pending).toBe(0)
  })
})
