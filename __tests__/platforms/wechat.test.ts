import { createClient, type Platform } from '../../src'
import { createFakeWeChat, type FakeWx } from '../../src/testing'
import { clockOf, isSinglePage, platformOf } from '../../src/platforms/wechat'
import { HOME, phone, result, thrown } from '../phone'

const phoneGlobal = globalThis as { wx?: unknown }

afterEach(() => {
  delete phoneGlobal.wx
  jest.useRealTimers()
})

test('without wx and without platform every call is rejected, and says what to pass', async () => {
  const api = createClient({ baseURL: HOME, login: { url: '/login' } })
  for (const call of [api.get('/x'), api.ensureLogin(), api.authorize(() => 1)]) {
    await expect(call).rejects.toMatchObject({
      code: 'CONFIG',
      message: expect.stringContaining('platform') as string,
    })
  }
})

test('a wx that is null or has no request counts as missing', () => {
  for (const wx of [null, {}, 5]) {
    phoneGlobal.wx = wx
    expect(thrown(() => platformOf(undefined)).code).toBe('CONFIG')
  }
})

test('the global wx is looked up at call time: it may come, and be replaced, later', async () => {
  const api = createClient({ baseURL: HOME, login: { url: '/login' } })
  for (let n = 0; n < 2; n++) {
    const fake = createFakeWeChat()
    phoneGlobal.wx = fake.wx
    await result(fake, api.get('/orders', undefined, { auth: false, throwHttpErrors: false }))
    expect(fake.calls.requestCount).toBe(1)
  }
})

test('wx.request is read anew for each request: hooks set later are heard', async () => {
  const { fake, api } = phone()
  await result(fake, api.get('/a'))
  const hooked = jest.spyOn(fake.wx, 'request')
  await result(fake, api.get('/b'))
  expect(hooked).toHaveBeenCalledTimes(1)
})

test('on a phone the clock is the real one', () => {
  jest.useFakeTimers()
  const clock = clockOf({} as Platform)
  const run = jest.fn()
  const now = clock.now()
  clock.clearTimeout(clock.setTimeout(run, 5))
  clock.setTimeout(run, 10)
  jest.advanceTimersByTime(20)
  expect(run).toHaveBeenCalledTimes(1)
  expect(clock.now() - now).toBe(20)
})

const launches: [string, Partial<FakeWx> | object, boolean][] = [
  ['an ordinary launch', { getApiCategory: () => 'default' }, false],
  ['a page from Moments', { getApiCategory: () => 'browseOnly' }, true],
  ['one before 2.33.0', { getLaunchOptionsSync: () => ({ scene: 1154, apiCategory: 'browseOnly' }) }, true],
  ['one before 2.20.0', { getLaunchOptionsSync: () => ({ scene: 1154 }) }, true],
  ['an ordinary launch before 2.20.0', { getLaunchOptionsSync: () => ({ scene: 1001 }) }, false],
  ['a platform with neither', {}, false],
]

test.each(launches)('whether it is single-page mode: %s', (_what, wx, expected) => {
  expect(isSinglePage(() => wx as Platform)).toBe(expected)
})

test('a platform that throws when asked is not in single-page mode', () => {
  const wx = {
    getLaunchOptionsSync() {
      throw new Error('not here')
    },
  }
  expect(isSinglePage(() => wx as unknown as Platform)).toBe(false)
})

test('from Moments there is no login: requests that need one say so, optional ones go', async () => {
  const { fake, api } = phone({}, { singlePage: true })
  fake.server.on('/feed', () => ({ data: 'feed' }))
  const all = Promise.allSettled([
    api.get('/orders'),
    api.ensureLogin(),
    api.get('/feed', undefined, { auth: 'optional' }),
  ])
  expect(await result(fake, all)).toMatchObject([
    { reason: { code: 'SINGLE_PAGE_MODE' } },
    { reason: { code: 'SINGLE_PAGE_MODE' } },
    { value: 'feed' },
  ])
  expect(fake.calls.logins).toBe(0)
})
