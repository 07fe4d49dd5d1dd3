import { createFakeWeChat } from '../../src/testing'
import { platformStore } from '../../src/session/platform-store'
import type { Platform } from '../../src'

const SESSION = { token: 'a', id: 'i', data: { name: '张三😀' } }

/** A phone, and the store on it. */
function storeOn(options: { key?: string; encrypt?: boolean } = {}) {
  const fake = createFakeWeChat()
  const store = platformStore(() => fake.wx, options)
  /** What an operation comes to once all time has passed. */
  const done = async (run: () => unknown): Promise<unknown> => {
    const end = Promise.resolve()
      .then(run)
      .catch((error: unknown) => ({ failed: (error as { errMsg?: string }).errMsg ?? String(error) }))
    await fake.clock.runAll()
    return end
  }
  return { fake, store, done }
}

describe.each([false, true])('with encrypt: %s', (encrypt) => {
  test('what is stored is found again, under the key that was given', async () => {
    const { fake, store, done } = storeOn({ key: 'mine', encrypt })
    await done(() => store.set(SESSION))
    expect(fake.storage.keys()).toEqual(['mine'])
    expect(await done(() => store.get())).toEqual(SESSION)
  })

  test('without a key it is that of the package', async () => {
    const { fake, store, done } = storeOn({ encrypt })
    await done(() => store.set(SESSION))
    expect(fake.storage.keys()).toEqual(['miniprogram-session'])
  })

  test('where nothing is stored nothing is found, and that is no failure', async () => {
    const { store, done } = storeOn({ encrypt })
    expect([undefined, '']).toContain(await done(() => store.get()))
  })

  test('what is removed is gone', async () => {
    const { fake, store, done } = storeOn({ encrypt })
    await done(() => store.set(SESSION))
    await done(() => store.remove())
    expect(fake.storage.keys()).toEqual([])
  })

  test.each(['get', 'set', 'remove'] as const)('%s that fails is told as failed', async (operation) => {
    const { fake, store, done } = storeOn({ encrypt })
    fake.storage.fail(operation)
    const run = () => (operation === 'set' ? store.set(SESSION) : store[operation]())
    expect(await done(run)).toEqual({ failed: expect.stringContaining('fail') as string })
  })

  test('what cannot be removed is overwritten by nothing', async () => {
    const { fake, store, done } = storeOn({ encrypt })
    await done(() => store.set(SESSION))
    fake.storage.fail('remove')
    await done(() => store.remove())
    expect(fake.storage.get('miniprogram-session')).toBe('')
  })

  test('a platform without storage fails, and does not break', async () => {
    const store = platformStore(() => ({}) as Platform, { encrypt })
    const { done } = storeOn()
    expect(await done(() => store.get())).toEqual({ failed: expect.stringMatching(/getStorage/) as string })
  })
})

test('encrypted, nothing can be read by the calls that do not decrypt', async () => {
  const { fake, store, done } = storeOn({ encrypt: true })
  await done(() => store.set(SESSION))
  expect(fake.wx.getStorageSync('miniprogram-session')).toBe('')
})
