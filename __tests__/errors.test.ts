import { failure, HOME, knownPhone, outcome } from './phone'

const SECRET = '13800138000'

test('no query shows: of a URL with a line break', async () => {
  const { fake, api, events } = knownPhone()
  const end = await outcome(fake, api.get(`/find?q=a\nb&phone=${SECRET}`))
  expect(JSON.stringify([events, end])).not.toContain(SECRET)
})

test.each(["O'Brien", 'a)b', 'a"b', 'a b'])(
  'no query shows: of one that WeChat quotes with %s in it',
  async (name) => {
    const { fake, api } = knownPhone()
    const url = `${HOME}/find?name=${name}&phone=${SECRET}`
    fake.network.failNext(1, { errMsg: `fail url not in domain list: ${url}`, errno: 600002 })
    const error = await failure(fake, api.get(url))
    expect(error.message + error.errMsg).not.toContain(SECRET)
    expect(error.message).toContain('url not in domain list')
  },
)

test('no query shows: of a URL whose scheme is mistyped', async () => {
  const { fake, api } = knownPhone()
  const error = await failure(fake, api.get(`htps://api.test/find?phone=${SECRET}`))
  expect(error.code).toBe('CONFIG')
  expect(error.message).not.toContain(SECRET)
})
