import { ConfigError } from '../src'
import { failure, HOME, knownPhone } from './phone'

test('a mistake in a request names the request', async () => {
  const { fake, api } = knownPhone()
  const error = await failure(fake, api.post('/orders?phone=1', {}, { timeout: -1 }))
  expect(error.request).toEqual({ method: 'POST', url: `${HOME}/orders` })
  expect(error.message).toContain(`POST ${HOME}/orders`)
})

test.each([
  ['query', 'page=2'],
  ['header', 'X-A: 1'],
  ['unwrap', 'data'],
  ['throwHttpErrors', 'no'],
  ['retry', { limit: -1 }],
])('a wrong %s of a request is refused: %j', async (name, value) => {
  const { fake, api } = knownPhone()
  const error = await failure(fake, api.get('/orders', undefined, { [name]: value }))
  expect(error).toBeInstanceOf(ConfigError)
  expect(error.message).toContain(name)
  expect(fake.server.requests).toEqual([])
})

test('a request that could not be built never went out', async () => {
  const { fake, api, events } = knownPhone()
  const error = await failure(fake, api.post('/orders', { n: 10n }))
  expect(error).toMatchObject({ code: 'CONFIG', attempts: 0 })
  expect(events).not.toContainEqual(expect.objectContaining({ type: 'request', phase: 'send' }))
})
