import { createAuth, memoryStore, type LimitOptions } from '../../src/index.ts'
import { fakeProvider, SECRET } from '../auth/helpers.ts'
import { FRAMEWORKS, startInstance, type Instance } from './app.ts'
import { Phone, tokenOf, type Answer, type Door } from './phone.ts'
import { describeBehind, startProxy } from './proxies.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

function makeAuth(limits: LimitOptions = {}) {
  const auth = createAuth({
    namespace: 'proxies',
    secrets: [SECRET],
    store: memoryStore(),
    apps: [fakeProvider()],
    onLogin: ({ openid }) => openid,
    limits,
  })
  ends.push(() => auth.close())
  return auth
}

async function start(name: string, trusts: boolean, limits?: LimitOptions): Promise<Instance> {
  const make = FRAMEWORKS[name]
  if (!make) throw new Error(name)
  const instance = await startInstance(await make(makeAuth(limits), trusts))
  ends.push(() => instance.stop())
  return instance
}

function phone(address: string, door: Door): Phone {
  const made = new Phone(address, door)
  ends.push(() => made.hangUp())
  return made
}

async function logins(who: Phone, count: number, headers?: Record<string, string>): Promise<number[]> {
  const statuses = []
  for (let n = 0; n < count; n += 1) statuses.push((await who.login(`alice${n}`, headers)).status)
  return statuses
}

/** So many phones at once; each is one of its own. */
async function crowd(count: number, address: string, door: Door): Promise<Answer[]> {
  const answers: Answer[] = []
  const lane = async (first: number) => {
    const who = phone(address, door)
    for (let n = first; n < count; n += 20) answers.push(await who.login(`u${n}`))
  }
  await Promise.all(Array.from({ length: 20 }, (_, first) => lane(first)))
  return answers
}

function warnings(): jest.SpyInstance {
  const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
  ends.push(() => warned.mockRestore())
  return warned
}

const LIMIT = { loginsPerMinute: 3 }
const names = Object.keys(FRAMEWORKS)

for (const kind of ['nginx', 'haproxy'] as const) {
  describeBehind(kind)(`behind ${kind}`, () => {
    async function behind(name: string, trusts: boolean, limits?: LimitOptions): Promise<Door> {
      const { port } = await start(name, trusts, limits)
      const proxy = await startProxy(kind, [port])
      ends.push(() => proxy.remove())
      return proxy
    }

    test.each(names)(
      '%s that trusts it: whoever logs in too often waits, and no neighbour does',
      async (name) => {
        const warned = warnings()
        const door = await behind(name, true, LIMIT)
        for (const address of [
          '203.0.113.7',
          '203.0.113.8',
          '2001:db8::1',
          '::1',
          '127.0.0.2',
          '127.0.0.3',
        ]) {
          expect([address, ...(await logins(phone(address, door), 4))]).toEqual([address, 200, 200, 200, 429])
        }
        expect(warned).not.toHaveBeenCalled()
      },
    )

    test.each(names)(
      '%s that trusts it: a phone that lies about its address neither escapes nor locks out whom it names',
      async (name) => {
        const door = await behind(name, true, LIMIT)
        const victims = ['203.0.113.7', '127.0.0.3', '2001:db8::1', '127.0.0.1, 203.0.113.7']
        for (const address of ['198.51.100.66', '2001:db8:66::1']) {
          const statuses = []
          for (const victim of victims) {
            const lies = { 'x-forwarded-for': victim, 'x-real-ip': victim, forwarded: `for=${victim}` }
            statuses.push(...(await logins(phone(address, door), 1, lies)))
          }
          expect(statuses).toEqual([200, 200, 200, 429])
        }
        for (const victim of ['203.0.113.7', '127.0.0.3', '2001:db8::1', '127.0.0.1', '::1']) {
          expect(await logins(phone(victim, door), 3)).toEqual([200, 200, 200])
        }
      },
    )

    test.each(names)(
      '%s that was not told of it: a thousand phones log in from what looks like one address, and that is said once',
      async (name) => {
        const warned = warnings()
        const door = await behind(name, false)
        const answers = await crowd(1000, '203.0.113.7', door)
        expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
        expect(new Set(answers.map(tokenOf)).size).toBe(1000)
        expect(warned).toHaveBeenCalledTimes(1)
        expect(warned).toHaveBeenCalledWith(expect.any(String), { code: 'MPS_PROXY' })
      },
    )

    test('a thousand phones of one carrier’s address: who is in stays in, who is not is told how long to wait', async () => {
      const door = await behind('fastify', true)
      const answers = await crowd(1000, '203.0.113.7', door)
      const [inside, waiting] = [200, 429].map((status) => answers.filter((one) => one.status === status))
      expect([inside?.length, waiting?.length]).toEqual([300, 700])
      const waits = waiting?.map(({ headers }) => Number(headers['retry-after'])) ?? []
      expect(waits.every((seconds) => seconds >= 1 && seconds <= 60)).toBe(true)
      const one = phone('203.0.113.7', door)
      const statuses = []
      for (const answer of inside ?? []) statuses.push((await one.me(tokenOf(answer))).status)
      expect(new Set(statuses)).toEqual(new Set([200]))
      expect(await logins(phone('203.0.113.8', door), 1)).toEqual([200])
    })
  })
}

describe('without a proxy', () => {
  test.each(names)('%s: whoever logs in too often waits, and no neighbour does', async (name) => {
    const door = await start(name, false, LIMIT)
    expect(await logins(phone('127.0.0.2', door), 4)).toEqual([200, 200, 200, 429])
    expect(await logins(phone('::1', door), 4)).toEqual([200, 200, 200, 429])
    expect(await logins(phone('127.0.0.3', door), 3)).toEqual([200, 200, 200])
  })

  test.each(names)('%s: a phone that lies about its address locks nobody out', async (name) => {
    warnings()
    const door = await start(name, false, LIMIT)
    const liar = phone('127.0.0.2', door)
    await logins(liar, 10, { 'x-forwarded-for': '127.0.0.3' })
    expect(await logins(phone('127.0.0.3', door), 3)).toEqual([200, 200, 200])
  })
})
