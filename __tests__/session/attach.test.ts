import { knownPhone, outcome } from '../phone'

test.each(['get', 'head', 'delete'] as const)(
  'a token for the body never ends up in a URL: %s',
  async (verb) => {
    const { fake, api } = knownPhone({ attach: { body: 'token' } })
    await outcome(fake, api[verb]('/orders', { id: 1 }))
    expect(fake.server.requests.map(({ url }) => url).join()).not.toContain('token')
  },
)
