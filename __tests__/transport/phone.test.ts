import { ConfigError, type Platform } from '../../src'
import { createFakeWeChat } from '../../src/testing'
import { LANES, Lanes, Share } from '../../src/transport/lanes'
import { Phone, phoneOf } from '../../src/transport/phone'
import { thrown } from '../phone'

function phoneInHand() {
  const fake = createFakeWeChat()
  return { fake, phone: new Phone(fake.wx, new Lanes(LANES)) }
}

test('all who ask about one platform object have one phone, and each object has its own', () => {
  const [one, other] = [createFakeWeChat().wx as Platform, createFakeWeChat().wx as Platform]
  expect(phoneOf(one)).toBe(phoneOf(one))
  expect(phoneOf(one)).not.toBe(phoneOf(other))
})

test('it knows whether the app is in front', () => {
  const { fake, phone } = phoneInHand()
  expect(phone.isHidden).toBe(false)
  fake.app.toBackground()
  expect(phone.isHidden).toBe(true)
  fake.app.toForeground()
  expect(phone.isHidden).toBe(false)
})

test('who waits for the front is called once, in order, and lanes are handed out after that', () => {
  const { fake, phone } = phoneInHand()
  const order: string[] = []
  fake.app.toBackground()
  new Share(phone.lanes, 10, () => true).queue({ id: 1, run: () => order.push('queued') }, false)
  for (const name of ['a', 'b']) phone.whenShown(() => order.push(name))
  expect(order).toEqual([])
  fake.app.toForeground()
  fake.app.toBackground()
  fake.app.toForeground()
  expect(order).toEqual(['a', 'b', 'queued'])
})

test('who has to wait for the front again on being called waits for the next time', () => {
  const { fake, phone } = phoneInHand()
  let calls = 0
  const wait = (): void => {
    calls++
    phone.whenShown(wait)
  }
  fake.app.toBackground()
  phone.whenShown(wait)
  fake.app.toForeground()
  expect(calls).toBe(1)
})

test.each<[string, object]>([
  ['says nothing of it', {}],
  ['tells only when it is hidden', { onAppHide: (run: () => void) => run() }],
  [
    'throws when asked to tell',
    {
      onAppHide() {
        throw new Error('not here')
      },
      onAppShow: () => undefined,
    },
  ],
])('a platform that %s is taken to be in front', (_what, api) => {
  const complaint = jest.spyOn(console, 'error').mockImplementation()
  const wx = { request: () => undefined, login: () => undefined, ...api }
  const phone = new Phone(wx, new Lanes(LANES))
  expect(phone.isHidden).toBe(false)
  complaint.mockRestore()
})

describe('a storage key', () => {
  const A = 'https://a.test'
  const B = 'https://b.test'

  test.each<[string, string[], string[]]>([
    ['one server', [A], [A]],
    ['servers of which they share one', [A, B], [B]],
    ['any server: one names none', [], [B]],
    ['any server: the first named none', [A], []],
  ])('serves two clients of %s', (_what, first, second) => {
    const { phone } = phoneInHand()
    phone.claim('key', first)
    expect(() => phone.claim('key', second)).not.toThrow()
  })

  test('does not serve clients of two servers: the second is told whose it is, and the mend', () => {
    const { phone } = phoneInHand()
    phone.claim('key', [A])
    const error = thrown(() => phone.claim('key', [B]))
    expect(error).toBeInstanceOf(ConfigError)
    expect(error.message).toMatch(/^storage\.key: "key" .*a\.test.*b\.test.*storage: \{ key:/)
    expect(() => phone.claim('other', [B])).not.toThrow()
  })

  test('remembers all who have it, also after one without a server of its own', () => {
    const { phone } = phoneInHand()
    for (const origins of [[A], [], [A, B]]) phone.claim('key', origins)
    expect(() => phone.claim('key', [B])).not.toThrow()
    expect(thrown(() => phone.claim('key', ['https://c.test']))).toBeInstanceOf(ConfigError)
  })

  test('may have any name: constructor too', () => {
    const { phone } = phoneInHand()
    for (const key of ['constructor', '__proto__', 'toString'])
      expect(() => phone.claim(key, [A])).not.toThrow()
  })
})
