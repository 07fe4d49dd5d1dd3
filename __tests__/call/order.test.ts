import { KEY, phone } from '../phone'

const paths = Array.from({ length: 20 }, (_, n) => `/${n}`)

/** Twenty requests at once with a dead token; what arrived after the login, in its order. */
async function sentAfterTheLogin(slow: Record<string, number> = {}): Promise<string[]> {
  const { fake, api } = phone()
  fake.storage.set(KEY, { token: 'dead' })
  for (const path in slow) fake.server.latency(path, slow[path] ?? 0)
  const all = Promise.all(paths.map((path) => api.get(path)))
  await fake.clock.runAll()
  await all
  const sent = fake.server.requests.map(({ path }) => path)
  return sent.slice(sent.indexOf('/login') + 1)
}

test('requests that were refused go out first after the login, in the order in which they were made', async () => {
  expect(await sentAfterTheLogin()).toEqual(paths)
})

test('so they do when they were refused in another order', async () => {
  expect(await sentAfterTheLogin({ '/0': 18, '/3': 16 })).toEqual(paths)
})
