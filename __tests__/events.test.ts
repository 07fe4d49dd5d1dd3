import type { ClientEvent } from '../src'
import { createEvents } from '../src/events'
import { failure, HOME, knownPhone, phone, result } from './phone'

const told = (events: readonly ClientEvent[], type: ClientEvent['type']) =>
  events.flatMap((event) => (event.type === type && 'phase' in event ? event.phase : []))

test('the first launch can be drawn from its events', async () => {
  const { fake, api, events } = phone()
  await result(fake, api.get('/orders?phone=1'))
  expect(events.filter(({ type }) => type === 'login')).toMatchObject([
    { phase: 'start', reason: 'no-session' },
    { phase: 'success', reason: 'no-session', duration: 20 },
  ])
  const id = events.flatMap((event) => (event.type === 'request' ? event.id : []))[0]
  const orders = { id, method: 'GET', url: `${HOME}/orders` }
  expect(events.filter(({ type }) => type === 'request')).toMatchObject([
    { ...orders, phase: 'wait', attempt: 0, duration: 0 },
    { ...orders, phase: 'send', attempt: 1, duration: 20 },
    { ...orders, phase: 'success', attempt: 1, duration: 30, statusCode: 200 },
  ])
})

test('a dead token is a replay, with the status of the refusal', async () => {
  const { fake, api, events } = knownPhone({ checkSession: false })
  fake.server.expire()
  await result(fake, api.get('/orders'))
  expect(told(events, 'request')).toEqual(['send', 'replay', 'wait', 'send', 'success'])
  expect(events).toContainEqual(expect.objectContaining({ phase: 'replay', statusCode: 401, attempt: 1 }))
})

test('a request in the queue waits, and each request has an id of its own', async () => {
  const { fake, api, events } = knownPhone({ checkSession: false, concurrency: 1 })
  await result(fake, Promise.all([api.get('/a'), api.get('/b')]))
  const requests = events.filter((event) => event.type === 'request')
  const told = requests.map(({ url, phase }) => `${url.slice(-1)} ${phase}`)
  expect(told).toEqual(['a send', 'b wait', 'a success', 'b send', 'b success'])
  const ids = (name: string) => new Set(requests.filter(({ url }) => url.endsWith(name)).map(({ id }) => id))
  const [[a], [b]] = [[...ids('/a')], [...ids('/b')]] as [number[], number[]]
  expect([ids('/a').size, ids('/b').size, Number(b) > Number(a)]).toEqual([1, 1, true])
})

test('a failure tells its code, and the status where there was an answer', async () => {
  const { fake, api, events } = knownPhone({ checkSession: false, retry: false })
  fake.server.on('/orders', () => ({ statusCode: 500 }))
  await failure(fake, api.get('/orders'))
  expect(events).toContainEqual(
    expect.objectContaining({ phase: 'fail', code: 'HTTP_STATUS', statusCode: 500 }),
  )
})

test('logout is an event, and events tell when', async () => {
  const { fake, api, events } = phone()
  await fake.clock.advance(5000)
  api.logout()
  expect(events).toEqual([{ type: 'logout', at: 1_767_225_605_000 }])
})

test('the check of the launch is told from start to end', async () => {
  const { fake, api, events } = knownPhone()
  await result(fake, api.ensureLogin())
  expect(told(events, 'check')).toEqual(['start', 'passed'])
})

test('a listener that throws harms nobody, and is told of on the console', async () => {
  const complaint = jest.spyOn(console, 'error').mockImplementation()
  const { fake, api, events } = phone()
  api.on(() => {
    throw new Error('broken listener')
  })
  let heard = 0
  api.on(() => {
    heard++
  })
  expect(await result(fake, api.get('/orders'))).toMatchObject({ ok: true })
  expect(heard).toBe(events.length)
  expect(String(complaint.mock.calls[0])).toMatch(/listener threw/)
  complaint.mockRestore()
})

test('a listener that changes an event changes it for itself alone', async () => {
  const { fake, api, events } = phone({})
  api.on((event) => Object.assign(event, { type: 'mine' }))
  const later: string[] = []
  api.on((event) => later.push(event.type))
  await result(fake, api.get('/orders'))
  expect(later).not.toContain('mine')
  expect(events.length).toBe(later.length)
})

test('off() stops a listener, also from inside a listener', async () => {
  const { fake, api } = phone()
  const heard: string[] = []
  const off = api.on((event) => {
    heard.push(event.type)
    off()
  })
  await result(fake, api.get('/orders'))
  expect(heard).toHaveLength(1)
})

test('events that nobody hears are not even asked for', () => {
  const events = createEvents(() => 0)
  expect(events.heard).toBe(false)
  const off = events.on(() => undefined)
  expect(events.heard).toBe(true)
  off()
  expect(events.heard).toBe(false)
})

test('a listener may abort what it hears being sent, and no lane is lost', async () => {
  const { fake, api } = knownPhone({ checkSession: false, concurrency: 1, storage: { encrypt: true } })
  const task = api.get('/orders')
  const off = api.on((event) => {
    if (event.type === 'request' && event.phase === 'send') task.abort()
  })
  expect(await failure(fake, task)).toMatchObject({ code: 'ABORTED' })
  off()
  expect(await result(fake, api.get('/again'))).toMatchObject({ ok: true })
  expect(fake.server.requests.map(({ path }) => path)).not.toContain('/orders')
})

test('off takes away its own registration only', async () => {
  const { fake, api } = knownPhone()
  let heard = 0
  const listener = () => {
    heard++
  }
  const off = api.on(listener)
  api.on(listener)
  off()
  off()
  await result(fake, api.get('/orders'))
  expect(heard).toBeGreaterThan(0)
})
