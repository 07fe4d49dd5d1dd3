import type { ClientEvent } from '../src'
import { createEvents } from '../src/events'

test('events that nobody hears are not even asked for', () => {
  const events = createEvents(() => 0)
  expect(events.heard).toBe(false)
  const offs = [events.on(() => undefined), events.on(() => undefined)]
  expect(events.heard).toBe(true)
  offs[0]?.()
  expect(events.heard).toBe(true)
  offs[1]?.()
  expect(events.heard).toBe(false)
})

test('each listener has an event of its own, with the time at which it happened', () => {
  const events = createEvents(() => 7)
  const heard: ClientEvent[] = []
  for (let n = 0; n < 2; n++) events.on((event) => heard.push(event))
  events.emit({ type: 'logout' })
  expect(heard).toEqual([
    { type: 'logout', at: 7 },
    { type: 'logout', at: 7 },
  ])
  expect(heard[0]).not.toBe(heard[1])
})

test('who begins to listen at an event hears the next one first', () => {
  const events = createEvents(() => 0)
  const heard: string[] = []
  const off = events.on(() => {
    off()
    events.on(({ type }) => heard.push(`late ${type}`))
  })
  events.on(({ type }) => heard.push(type))
  events.emit({ type: 'logout' })
  events.emit({ type: 'session', source: 'set' })
  expect(heard).toEqual(['logout', 'session', 'late session'])
})
