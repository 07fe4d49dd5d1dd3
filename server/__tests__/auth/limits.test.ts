import { isPrivate, networkOf } from '../../src/auth/address.ts'
import { Refused, type AuthEvent } from '../../src/index.ts'
import { describeOn, startDatabase } from '../databases.ts'
import { openStore } from '../stores/open.ts'
import { setUp } from './helpers.ts'

type Given = ReturnType<typeof setUp>

let codes = 0
async function login(
  { auth }: Pick<Given, 'auth'>,
  address?: string,
  headers = {},
): Promise<number | undefined> {
  const code = `alice-${(codes += 1)}`
  return (await auth.handle({ method: 'POST', path: '/login', headers, body: { code }, address }))?.status
}

test('an address that logs in too often is told to wait, and its neighbour is not', async () => {
  const given = setUp({ limits: { loginsPerMinute: 3 } })
  const events: AuthEvent[] = []
  given.auth.on((event) => events.push(event))
  const statuses = []
  for (let count = 0; count < 4; count += 1) statuses.push(await login(given, '203.0.113.7'))
  expect(statuses).toEqual([200, 200, 200, 429])
  expect(await login(given, '203.0.113.8')).toBe(200)
  expect(events.filter(({ type }) => type === 'limited')).toEqual([{ type: 'limited', limit: 'login' }])
  const told = await given.auth.handle({
    method: 'POST',
    path: '/login',
    headers: {},
    body: { code: 'alice-x' },
    address: '203.0.113.7',
  })
  expect(Number(told?.headers['retry-after'])).toBeGreaterThanOrEqual(1)
  expect(told?.body).toMatchObject({ error: { code: 'TOO_MANY_LOGINS' } })
})

test('a refused code counts five', async () => {
  const given = setUp({ limits: { loginsPerMinute: 10 } })
  given.provider.exchange = () => Promise.reject(new Refused('code', 'no'))
  const statuses = []
  for (let count = 0; count < 3; count += 1) statuses.push(await login(given, '203.0.113.7'))
  expect(statuses).toEqual([400, 400, 429])
})

test('who comes from nowhere known, or through a proxy nobody told of, is not limited; a liar is', async () => {
  const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
  const given = setUp({ limits: { loginsPerMinute: 1 } })
  const forwarded = { 'x-forwarded-for': '198.51.100.1' }
  for (let count = 0; count < 3; count += 1) {
    expect(await login(given)).toBe(200)
    expect(await login(given, '10.0.0.2', forwarded)).toBe(200)
    expect(await login(given, '::1', forwarded)).toBe(200)
  }
  expect(warned).toHaveBeenCalledTimes(1)
  expect(warned).toHaveBeenCalledWith(expect.stringContaining('trust proxy'), { code: 'MPS_PROXY' })
  warned.mockRestore()
  expect([await login(given, '203.0.113.7', forwarded), await login(given, '203.0.113.7')]).toEqual([
    200, 429,
  ])
  expect([await login(given, '10.0.0.2'), await login(given, '10.0.0.2')]).toEqual([200, 429])
})

test('a phone of the own network, behind a proxy that the framework was told of, is limited as any other', async () => {
  const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
  const given = setUp({ limits: { loginsPerMinute: 1 } })
  for (const address of ['10.0.0.2', '::ffff:10.0.0.3', 'fd00::1']) {
    const own = address.replace('::ffff:', '')
    const headers = { 'x-forwarded-for': own, 'x-real-ip': own }
    expect([await login(given, address, headers), await login(given, address, headers)]).toEqual([200, 429])
  }
  expect(warned).not.toHaveBeenCalled()
  // One more balancer before that proxy, of which nobody told.
  const balanced = { 'x-forwarded-for': '198.51.100.1, 10.0.0.4' }
  expect([await login(given, '10.0.0.4', balanced), await login(given, '10.0.0.4', balanced)]).toEqual([
    200, 200,
  ])
  warned.mockRestore()
})

test('limits: false limits nobody', async () => {
  const given = setUp({ limits: false })
  for (let count = 0; count < 400; count += 1) expect(await login(given, '203.0.113.7')).toBe(200)
})

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:0DB8:1:2::9', '2001:db8:1:2'],
  ['2001:db8::9', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
])('%s counts as %s', (address, network) => expect(networkOf(address)).toBe(network))

test.each([
  ['10.1.2.3', true],
  ['172.31.0.1', true],
  ['172.32.0.1', false],
  ['::ffff:192.168.1.1', true],
  ['fd00::1', true],
  ['2001:db8::1', false],
  ['no address', false],
])('%s is of a private network: %s', (address, is) => expect(isPrivate(address)).toBe(is))

describeOn('redis')('on Redis', () => {
  test('limits count for all processes; while it is down each counts for itself, and nobody is let through', async () => {
    const database = await startDatabase('redis')
    const opened = await openStore(database)
    const make = () =>
      setUp({ store: opened.factory, limits: { loginsPerMinute: 4 }, deadline: { store: 300 } })
    const [one, two] = [make(), make()]
    const statuses = []
    for (const given of [one, two, one, two, one, two]) statuses.push(await login(given, '203.0.113.7'))
    expect(statuses).toEqual([200, 200, 200, 200, 429, 429])
    const events: AuthEvent[] = []
    one.auth.on((event) => events.push(event))
    database.signal('SIGSTOP')
    const down = []
    for (let count = 0; count < 6; count += 1) down.push(await login(one, '203.0.113.9'))
    database.signal('SIGCONT')
    expect(down).toEqual([503, 503, 503, 503, 429, 429])
    expect(events.filter(({ type }) => type === 'limits-alone')).toHaveLength(1)
    await Promise.all([one.auth.close(), two.auth.close()])
    await opened.close()
    await database.remove()
  })
})

test('two namespaces that share the Redis of their limits take nothing from each other', async () => {
  const sendCommand = jest.fn<Promise<unknown>, [string[]]>(() => Promise.resolve([1, 1000]))
  const keys = []
  for (const namespace of ['shop-production', 'shop-staging']) {
    await login(setUp({ namespace, limits: { redis: { sendCommand } } }), '203.0.113.7')
    keys.push(sendCommand.mock.lastCall?.[0]?.[3])
  }
  expect(new Set(keys).size).toBe(2)
})

test('a Redis of the limits that hangs holds up one login for its deadline, and the next ones not at all', async () => {
  const sendCommand = jest.fn<Promise<unknown>, [string[]]>(() => new Promise(() => undefined))
  const given = setUp({
    limits: { loginsPerMinute: 2, redis: { sendCommand } },
    deadline: { store: 50, login: 60_000 },
  })
  const events: AuthEvent[] = []
  given.auth.on((event) => events.push(event))
  const statuses = []
  for (let count = 0; count < 3; count += 1) statuses.push(await login(given, '203.0.113.7'))
  expect(statuses).toEqual([200, 200, 429])
  expect(sendCommand.mock.calls.filter(([words]) => words[0] === 'EVAL')).toHaveLength(1)
  expect(events.filter(({ type }) => type === 'limits-alone' || type === 'store-down')).toEqual([
    { type: 'limits-alone' },
  ])
  await given.auth.close()
})

test('with another store they count in the Redis that they are given', async () => {
  const sendCommand = jest.fn<Promise<unknown>, [string[]]>(() => Promise.resolve([5, 1000]))
  const given = setUp({ limits: { loginsPerMinute: 4, redis: { sendCommand } } })
  expect(await login(given, '203.0.113.7')).toBe(429)
  expect(sendCommand.mock.calls[0]?.[0]?.[0]).toBe('EVAL')
})
