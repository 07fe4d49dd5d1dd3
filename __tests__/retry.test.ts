import { knownPhone, outcome } from './phone'

/** ms between the first try and the second of a GET that is answered 503 with this header. */
async function pause(header: Record<string, string>): Promise<number | undefined> {
  const { fake, api } = knownPhone({ retry: { delay: () => 500 }, checkSession: false })
  fake.server.on('/orders', () => ({ statusCode: 503, header }))
  await outcome(fake, api.get('/orders'))
  const [first, second] = fake.calls.requests
  return second && second.calledAt - Number(first?.endedAt)
}

test.each(['1.5', '-5', '3, 4', 'soon', '12abc', ''])('a Retry-After of %j is ignored', async (value) => {
  expect(await pause({ 'Retry-After': value })).toBe(500)
})
