import { knownPhone, outcome, phone } from './phone'

test.each(['login', 'checkSession'] as const)(
  'a promise that %s returns besides calling back is handled',
  async (name) => {
    const { fake, api } = name === 'login' ? phone() : knownPhone()
    let handled = false
    const real = fake.wx[name] as (options: object) => void
    fake.wx[name] = ((options: object) => {
      real(options)
      const heard = (_: unknown, fail: unknown) => void (handled = handled || typeof fail === 'function')
      return { then: heard, catch: (fail: unknown) => heard(undefined, fail) }
    }) as never
    await outcome(fake, api.ensureLogin())
    expect(handled).toBe(true)
  },
)
