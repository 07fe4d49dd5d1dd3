import { LoginError, type RequestError } from '../../src'
import { createFakeClock, createFakeWeChat } from '../../src/testing'
import { createTimers } from '../../src/timers'
import { createCooldown } from '../../src/session/cooldown'
import { failure, outcome, phone, result } from '../phone'
import { gained } from './sessions'

/** A cool-down, and how long it lasts from now on. */
function cooldownOn(clock = createFakeClock()) {
  const { wx } = createFakeWeChat()
  const cooldown = createCooldown(
    () => wx,
    createTimers(() => clock),
  )
  const left = () => Number(/in (\d+) ms/.exec(cooldown.obstacle(false)?.message ?? '')?.[1] ?? 0)
  const fail = (times: number, error = NO) => {
    for (let n = 0; n < times; n++) cooldown.loginFailed(error)
  }
  const refuse = (times: number) => {
    for (let n = 0; n < times; n++) cooldown.tokenRefused(new Error('refused'))
  }
  return { clock, cooldown, left, fail, refuse }
}

const NO = new LoginError('LOGIN_REJECTED', 'no')

test('two failures are forgiven; from the third on the pause doubles from 1 s to a minute', () => {
  const { left, fail } = cooldownOn()
  const pauses = Array.from({ length: 11 }, () => {
    fail(1)
    return left()
  })
  expect(pauses).toEqual([0, 0, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000])
})

test('the pause passes, and is nothing to a forced login', async () => {
  const { clock, cooldown, left, fail } = cooldownOn()
  fail(3)
  await clock.advance(400)
  expect(left()).toBe(600)
  expect(cooldown.obstacle(true)).toBeUndefined()
  await clock.advance(600)
  expect(cooldown.obstacle(false)).toBeUndefined()
})

test('it says why the last login failed', () => {
  const { cooldown, fail } = cooldownOn()
  const last = new LoginError('LOGIN_FAILED', 'busy')
  fail(2)
  fail(1, last)
  expect(cooldown.obstacle(false)).toMatchObject({ code: 'LOGIN_COOLDOWN', cause: last })
})

test.each([
  ['three failed logins', 3, 0, 1000],
  ['three refused tokens', 0, 3, 1000],
  ['both together', 2, 1, 1000],
  ['both together', 1, 3, 2000],
  ['less than three of both', 1, 1, 0],
])('%s: %i logins and %i tokens make a pause of %i ms', (_what, failures, refusals, pause) => {
  const { left, fail, refuse } = cooldownOn()
  fail(failures)
  refuse(refusals)
  expect(left()).toBe(pause)
})

test.each([
  ['any accepted request ends a pause of failed logins alone', 3, 0, false, 0],
  ['an accepted request ends no pause that refused tokens have a part in', 1, 2, false, 1000],
  ['an accepted replay ends that one too', 1, 2, true, 0],
])('%s', (_what, failures, refusals, isReplay, pause) => {
  const { cooldown, left, fail, refuse } = cooldownOn()
  fail(failures)
  refuse(refusals)
  cooldown.accepted(isReplay)
  expect(left()).toBe(pause)
  expect(cooldown.isClear).toBe(pause === 0)
})

test('logout() and setSession() end it, and the count begins anew', () => {
  const { cooldown, left, fail, refuse } = cooldownOn()
  expect(cooldown.isClear).toBe(true)
  fail(6)
  refuse(3)
  cooldown.clear()
  expect([left(), cooldown.isClear]).toEqual([0, true])
  fail(2)
  expect([left(), cooldown.isClear]).toEqual([0, false])
})

test('a clock that is set back does not make the pause longer', async () => {
  const { clock, left, fail } = cooldownOn()
  fail(4)
  await clock.advance(500)
  clock.jump(-3_600_000)
  expect(left()).toBeGreaterThanOrEqual(1500)
  expect(left()).toBeLessThanOrEqual(2000)
})

test('in single-page mode nothing logs in, forced or not', () => {
  const { wx } = createFakeWeChat({ singlePage: true })
  const cooldown = createCooldown(
    () => wx,
    createTimers(() => createFakeClock()),
  )
  expect([false, true].map((isForced) => cooldown.obstacle(isForced)?.code)).toEqual([
    'SINGLE_PAGE_MODE',
    'SINGLE_PAGE_MODE',
  ])
})

test('after three failed logins the next fails fast, says for how long, and force ignores it', async () => {
  const { fake, api } = phone({ login: { url: '/login', retry: 0 } })
  const back = fake.server.on('/login', () => ({ statusCode: 500 }))
  for (let n = 0; n < 3; n++) {
    const end = outcome(fake, api.ensureLogin())
    await fake.clock.advance(20)
    expect(await end).toMatchObject({ error: { code: 'LOGIN_FAILED' } })
  }
  const refused = api.ensureLogin().catch((error: unknown) => error as RequestError)
  await fake.clock.settle()
  expect(await refused).toMatchObject({
    code: 'LOGIN_COOLDOWN',
    attempts: 0,
    cause: { code: 'LOGIN_FAILED' },
  })
  expect(((await refused) as Error).message).toMatch(/in \d+ ms.*force: true/)
  expect(fake.calls.logins).toBe(3)
  back()
  expect(await result(fake, api.ensureLogin({ force: true }))).toEqual(gained('token-1'))
})

test('a logout ends the pause', async () => {
  const { fake, api } = phone({ login: { url: '/login', retry: 0 } })
  fake.misbehave('login', 'fail', 3)
  for (let n = 0; n < 3; n++) await failure(fake, api.ensureLogin())
  api.logout()
  expect(await result(fake, api.get('/orders'))).toMatchObject({ ok: true })
})

test('logins that nobody has answered say that the phone was offline, and bring no pause', async () => {
  const { fake, api } = phone({ login: { url: '/login', retry: 0 } })
  fake.network.offline()
  for (let n = 0; n < 5; n++)
    expect(await failure(fake, api.get('/orders'))).toMatchObject({ code: 'LOGIN_FAILED', isOffline: true })
  fake.network.online()
  expect(await result(fake, api.get('/orders'))).toMatchObject({ ok: true })
})

test('fresh tokens that are refused count as failed logins', async () => {
  const { fake, api } = phone()
  fake.server.refuseAll = true
  const codes: string[] = []
  for (let n = 0; n < 5; n++) {
    const end = api.get('/orders').catch((error: unknown) => void codes.push((error as RequestError).code))
    await fake.clock.advance(100)
    await end
  }
  expect(codes).toContain('UNAUTHORIZED')
  expect(codes).toHaveLength(5)
  expect(fake.calls.logins).toBeLessThanOrEqual(3)
})
