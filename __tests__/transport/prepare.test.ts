import { knownPhone, last, result } from '../phone'

test.each(['get', 'delete', 'head'] as const)('null is no query: %s', async (verb) => {
  const { fake, api } = knownPhone()
  await result(fake, api[verb]('/orders', null as never))
  expect(last(fake)).toMatchObject({ url: 'https://api.test/orders', data: undefined })
})
