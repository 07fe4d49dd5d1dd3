import { LoginError, type RequestError } from '../../src'
import { createFakeClock, createFakeWeChat } from '../../src/testing'
import { createTimers } from '../../src/timers'
import { createCooldown } from '../../src/session/cooldown'
import { failure, outcome, phone, result } from '../phone'

const FAILURE = new LoginError('LOGIN_FAILED', 'no')

/** A pause, and how long it lasts from now on. */
function pauseOn(clock = createFakeClock()) {
  const pause = createCooldown(
    () => createFakeWeChat().wx,
    createTimers(() => clock),
  )
  const left = () => Number(/in (\d+) ms/.exec(pause.obstacle(false)?.message ?? '')?.[1] ?? 0)
  return { clock, pause, left }
}

test('two failures are forgiven; from the third on the pause doubles from 1 s to a minute', () => {
  const { pause, left } = pauseOn()
  const pauses = Array.from({ length: 11 }, () => {
    pause.loginFailed(FAILURE)
    return left()
  })
  expect(pauses).toEqual([0, 0, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000])
})

test('the pause passes, and is nothing to a forced login', async () => {
  const { clock, pause, left } = pauseOn()
  for (let n = 0; n < 3; n++) pause.loginFailed(FAILURE)
  await clock.advance(400)
  expect(left()).toBe(600)
  expect(pause.obstacle(true)).toBeUndefined()
  await clock.advance(600)
  expect(pause.obstacle(false)).toBeUndefined()
})

test('one accepted request clears it all', () => {
  const { pause, left } = pauseOn()
  for (let n = 0; n < 9; n++) pause.loginFailed(FAILURE)
  pause.accepted(false)
  expect(left()).toBe(0)
  pause.loginFailed(FAILURE)
  pause.loginFailed(FAILURE)
  expect(left()).toBe(0)
})

test('refused tokens are a count of their own, which only an accepted replay clears', () => {
  const { pause, left } = pauseOn()
  for (let n = 0; n < 2; n++) pause.tokenRefused(FAILURE)
  pause.accepted(false)
  pause.tokenRefused(FAILURE)
  expect(left()).toBe(1000)
  pause.accepted(false)
  expect(left()).toBe(1000)
  pause.accepted(true)
  expect([left(), pause.isClear]).toEqual([0, true])
})

test('both counts together start the pause, and it tells the last cause', () => {
  const { pause } = pauseOn()
  pause.tokenRefused(FAILURE)
  pause.loginFailed(FAILURE)
  const last = new LoginError('LOGIN_REJECTED', 'the last')
  pause.loginFailed(last)
  expect(pause.obstacle(false)?.cause).toBe(last)
})

test('after three failed logins the next fails fast, says for how long, and force ignores it', async () => {
  const { fake, api } = phone({ login: { url: '/login', retry: 0 } })
  fake.misbehave('login', 'fail', 3)
  for (let n = 0; n < 3; n++) {
    const end = outcome(fake, api.ensureLogin())
    await fake.clock.advance(20)
    expect(await end).toMatchObject({ error: { code: 'LOGIN_FAILED' } })
  }
  const refused = api.ensureLogin().catch((error: unknown) => error as Error)
  await fake.clock.settle()
  expect(await refused).toMatchObject({ code: 'LOGIN_COOLDOWN', attempts: 0 })
  expect(((await refused) as Error).message).toMatch(/in \d+ ms.*force: true/)
  expect(fake.calls.logins).toBe(3)
  expect(await result(fake, api.ensureLogin({ force: true }))).toMatchObject({ token: 'token-1' })
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
  expect(fake.calls.logins).toBeLessThanOrEqual(3)
  expect(await failure(fake, api.get('/orders'))).toBeDefined()
})
