import type { Clock } from '../../src/platforms/wechat'
import type { FakeWeChat } from '../../src/testing'

export type Outcome = Record<string, unknown>
type Callbacks = Record<'success' | 'fail' | 'complete', (result: object) => void>

/** Callbacks that note who was called, in order, and with what. */
export function recorder(): { calls: string[]; results: Outcome[]; callbacks: Callbacks } {
  const calls: string[] = []
  const results: Outcome[] = []
  const note = (name: string) => (result: object) => {
    calls.push(name)
    if (name !== 'complete') results.push(result as Outcome)
  }
  return {
    calls,
    results,
    callbacks: { success: note('success'), fail: note('fail'), complete: note('complete') },
  }
}

/** Starts a request to `https://api.test/orders`, or elsewhere. */
export function send(fake: FakeWeChat<Clock>, options: Partial<WechatMiniprogram.RequestOption> = {}) {
  const { calls, results, callbacks } = recorder()
  const task = fake.wx.request({ url: 'https://api.test/orders', ...options, ...callbacks })
  return { task, calls, results }
}

/** Sends a request and lets time pass until it has ended. */
export async function answerTo(fake: FakeWeChat, options: Partial<WechatMiniprogram.RequestOption> = {}) {
  const { results } = send(fake, options)
  await fake.clock.runAll()
  return results[0]
}

export function login(fake: FakeWeChat<Clock>, options: { timeout?: number } = {}) {
  const { calls, results, callbacks } = recorder()
  fake.wx.login({ ...options, ...callbacks })
  return { calls, results }
}

export function check(fake: FakeWeChat<Clock>) {
  const { calls, results, callbacks } = recorder()
  fake.wx.checkSession(callbacks)
  return { calls, results }
}
