import type { Platform } from '../../src'
import { deferred } from '../laws/world'
import { caught, KEY, outcome, phone, result } from '../phone'

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

/** The category of the APIs may change in a launch (wx.onApiCategoryChange page): here while a refresh is at work. */
test('nobody waits for ever where the login that was to follow a refresh may not start', async () => {
  const refreshed = deferred<string>()
  const { fake, api } = phone({ login: { url: '/login', retry: 0, refresh: () => refreshed.promise } })
  fake.storage.set(KEY, { token: 'old', expiresAt: 1 })
  const orders = caught(api.get('/orders'))
  const forced = caught(api.ensureLogin({ force: true }))
  Object.assign(fake.wx, {
    getApiCategory: () => 'browseOnly',
    login: ({ fail }: Parameters<Platform['login']>[0]) => fail?.({ errMsg: 'login:fail' }),
  })
  refreshed.reject({ statusCode: 401 })
  await fake.clock.advance(100)
  expect(await forced).toMatchObject({ code: 'SINGLE_PAGE_MODE' })
  expect(await Promise.race([orders, Promise.resolve('still waiting')])).toMatchObject({
    code: 'LOGIN_FAILED',
  })
})
