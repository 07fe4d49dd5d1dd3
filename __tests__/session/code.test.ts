import { createFakeClock } from '../../src/testing'
import { createTimers } from '../../src/timers'
import { createAskForCode } from '../../src/session/code'
import { Steps } from '../../src/session/steps'
import type { Platform } from '../../src'

type Answer = { code?: string; fromCache?: boolean } | { errMsg: string; errno?: number } | 'nothing' | Error

/** Asks for a code from a platform that answers like this, one after the other, and tells what was heard. */
async function heard(...answers: Answer[]): Promise<unknown[]> {
  const clock = createFakeClock()
  const timers = createTimers(() => clock)
  let answer: Answer
  const login: Platform['login'] = ({ success, fail }) => {
    if (answer instanceof Error) throw answer
    if (answer === 'nothing') return
    if ('errMsg' in answer) fail?.(answer)
    else success?.(answer)
  }
  const askForCode = createAskForCode(() => ({ login }) as Platform, 'wx.login', timers)
  const told: unknown[] = []
  for (answer of answers) {
    const steps = new Steps(
      timers,
      1000,
      () => true,
      () => undefined,
    )
    askForCode(steps, {
      got: (code) => told.push(code),
      failed: ({ code }, failure, hadAnswer) => told.push({ code, failure, hadAnswer }),
      gotAgain: ({ code }) => told.push({ code, isAgain: true }),
    })
    await clock.runAll()
  }
  return told
}

const failed = (failure: 'final' | 'network', hadAnswer: boolean, code = 'LOGIN_FAILED') => ({
  code,
  failure,
  hadAnswer,
})

test.each<[string, Answer, unknown]>([
  ['a code', { code: 'a' }, 'a'],
  ['no code', {}, failed('network', true)],
  ['an empty code', { code: '' }, failed('network', true)],
  ['a code from a cache', { code: 'a', fromCache: true }, failed('network', false)],
  ['a failure', { errMsg: 'login:fail' }, failed('network', true)],
  ['a failure of the network', { errMsg: 'login:fail network error' }, failed('network', false)],
  ['no network', { errMsg: 'login:fail net::ERR_INTERNET_DISCONNECTED' }, failed('network', false)],
  ['a user it has blocked', { errMsg: 'login:fail', errno: 1402101 }, failed('final', true, 'LOGIN_BLOCKED')],
  ['a time-out', { errMsg: 'login:fail timeout', errno: 5 }, failed('final', false, 'LOGIN_TIMEOUT')],
  ['nothing', 'nothing', failed('final', false, 'LOGIN_TIMEOUT')],
  ['an exception', new TypeError('no'), failed('final', true)],
])('a wx.login that answers with %s', async (_what, answer, expected) => {
  expect(await heard(answer)).toEqual([expected])
})

test('a code that is handed out again is not used again, whatever came between', async () => {
  expect(await heard({ code: 'a' }, { code: 'b' }, { code: 'a' })).toEqual([
    'a',
    'b',
    { code: 'LOGIN_FAILED', isAgain: true },
  ])
})

test('one that a cache hands out again is no answer', async () => {
  expect(await heard({ code: 'a' }, { code: 'a', fromCache: true })).toEqual(['a', failed('network', false)])
})

test('a code from a cache that never went out is not spent by that', async () => {
  expect(await heard({ code: 'a', fromCache: true }, { code: 'a' })).toEqual([failed('network', false), 'a'])
})

test('the test appid of DevTools hands out one code for ever', async () => {
  const mock = { code: 'the code is a mock one' }
  expect(await heard(mock, mock)).toEqual([mock.code, mock.code])
})

test('an exception is heard after the call, so that whoever asks in the same turn shares it', () => {
  const clock = createFakeClock()
  const timers = createTimers(() => clock)
  const askForCode = createAskForCode(
    () => {
      throw new Error('no platform')
    },
    'wx.login',
    timers,
  )
  const told = jest.fn()
  const steps = new Steps(
    timers,
    1000,
    () => true,
    () => undefined,
  )
  askForCode(steps, { got: told, failed: told, gotAgain: told })
  expect(told).not.toHaveBeenCalled()
  expect(clock.pending).toBe(1)
})
