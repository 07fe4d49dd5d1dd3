import { phone, result } from '../phone'

test('of two cookies of one name the last counts, as in browsers', async () => {
  const { fake, api } = phone({ login: { url: '/login', token: { cookie: 'sid' } } })
  fake.server.loginReply = (token) => ({ cookies: ['sid=; Max-Age=0', `sid=${token}; Path=/`] })
  expect((await result(fake, api.ensureLogin())).token).toBe('token-1')
})
