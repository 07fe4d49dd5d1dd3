import type { Platform } from '../../src'
import { caught, outcome, phone, result } from '../phone'

/** A phone whose first wx.login hangs, and whose second does this. */
function stalled(second: () => void) {
  const made = phone({ login: { url: '/login', retry: 0 } })
  const original = { ...(made.fake.wx as Platform) }
  let calls = 0
  const troubled: Platform['login'] = (options) => {
    calls++
    if (calls === 1) return undefined
    if (calls === 2) second()
    return original.login(options)
  }
  Object.assign(made.fake.wx, { login: troubled })
  return made
}

const refuse = (): never => {
  throw new Error('not now')
}

test('a login that takes the place of another, and ends within the call, leaves nobody waiting', async () => {
  const { fake, api } = stalled(refuse)
  const forced = api.ensureLogin({ force: true })
  const withData = caught(api.ensureLogin({ data: { phoneCode: 'p' } }))
  // Theirs alone has failed: whoever forced the first one asks again.
  expect(await result(fake, forced)).toMatchObject({ token: 'token-1' })
  expect(await withData).toMatchObject({ code: 'LOGIN_FAILED' })
})

test('newer data whose login ends within the call tell who gave the older that these were not brought', async () => {
  const { fake, api } = stalled(refuse)
  const older = caught(api.ensureLogin({ data: { phoneCode: 'p' } }))
  const newer = caught(api.ensureLogin({ data: { phoneCode: 'q' } }))
  await outcome(fake, api.get('/orders'))
  expect(await older).toMatchObject({
    code: 'LOGIN_FAILED',
    message: expect.stringContaining('Newer data') as string,
  })
  expect((await newer).message).toContain('not now')
})

test('a request that waited goes on with the login that comes after one with data has failed', async () => {
  const { fake, api } = stalled(refuse)
  const orders = api.get('/orders')
  const withData = caught(api.ensureLogin({ data: { phoneCode: 'p' } }))
  expect(await result(fake, orders)).toMatchObject({ token: 'token-1' })
  expect(await withData).toMatchObject({ code: 'LOGIN_FAILED' })
})
