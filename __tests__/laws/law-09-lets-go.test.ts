import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { FakeWx } from 'miniprogram-session/testing'
import { altered, clientOn, makeWorld, times, watch } from './world'

const HOUR = 3_600_000

describe('law 9: what a settled request held', () => {
  /** Of these answers, how many are still in memory. A `WeakRef` holds what it is for until the engine has had a rest. */
  async function leftOf(answers: readonly WeakRef<object>[]): Promise<number> {
    await new Promise((resolve) => setImmediate(resolve))
    setFlagsFromString('--expose-gc')
    ;(runInNewContext('gc') as () => void)()
    return answers.filter((answer) => answer.deref() !== undefined).length
  }

  test('is let go: no answer is kept once nobody else has it, that of a request behind a login neither', async () => {
    const { fake } = makeWorld({ fake: { record: false } })
    const answers: WeakRef<object>[] = []
    const request = (options: Parameters<FakeWx['request']>[0]) =>
      fake.wx.request({
        ...options,
        success(result) {
          const data = JSON.parse(JSON.stringify(result.data)) as object
          answers.push(new WeakRef(data))
          options.success?.({ ...result, data })
        },
      })
    const { api } = clientOn(fake, { platform: altered(fake, { request }) })
    const settled = jest.fn()
    const fail = () => undefined
    const send = () => times(8, (n) => void api.post(`/${n}`, { n }).then(() => void settled(), fail))
    send()
    await fake.clock.advance(HOUR)
    expect([settled.mock.calls.length, answers.length]).toEqual([8, 9])
    // The last one may still lie about somewhere in the engine.
    expect(await leftOf(answers)).toBeLessThanOrEqual(1)
    expect(api.session?.token).toBe('token-1')
  })

  test('is let go at its abort, although the login that it waited for still is to come', async () => {
    const { fake, api } = makeWorld({ client: { login: { url: '/login', timeout: HOUR } } })
    fake.misbehave('login', 'hang')
    const bodies: WeakRef<object>[] = []
    const sendAndAbort = () =>
      times(8, () => {
        const body = new ArrayBuffer(8)
        bodies.push(new WeakRef(body))
        const task = api.post('/a', body)
        task.catch(() => undefined)
        task.abort()
      })
    const waiting = watch(api.get('/b'), fake)
    sendAndAbort()
    await fake.clock.advance(10_000)
    expect([waiting.code, fake.calls.logins]).toEqual(['pending', 1])
    expect(await leftOf(bodies)).toBeLessThanOrEqual(1)
  })
})
