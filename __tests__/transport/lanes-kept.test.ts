import fc from 'fast-check'
import type { Lane } from '../../src/transport/lanes'
import { phoneOfLanes } from './lanes-world'
import { runs } from '../runs'

describe('the lane that is kept for a login', () => {
  test('is kept from a client that is not logged in', () => {
    const { client, fill, onWire } = phoneOfLanes()
    fill(client({ isLoggedIn: false }), 12)
    expect(onWire()).toBe(9)
  })

  test('is not kept from one that is, while nobody else asks or waits', () => {
    const { client, fill, onWire } = phoneOfLanes()
    client({ isLoggedIn: false })
    fill(client(), 12)
    expect(onWire()).toBe(10)
  })

  test('is kept from one that is, while another waits that is not', () => {
    const { client, fill, onWire } = phoneOfLanes()
    const [known, stranger] = [client(), client({ isLoggedIn: false })]
    fill(known, 9)
    stranger.ask(20)
    known.ask(21)
    expect([onWire(), known.running.size]).toEqual([9, 9])
    stranger.isLoggedIn = true
    stranger.share.queue({ id: 22, run: () => undefined }, false)
    expect(onWire()).toBe(10)
  })

  test('is given to all once the token has been accepted, and the lanes are told', () => {
    const { lanes, client, fill, onWire } = phoneOfLanes()
    const one = client({ isLoggedIn: false })
    fill(one, 12)
    one.isLoggedIn = true
    lanes.drain()
    expect(onWire()).toBe(10)
  })

  test('is kept while a login is under way, though the token is good', () => {
    const { lanes, client, fill, onWire } = phoneOfLanes()
    const one = client()
    lanes.loginsUnderWay++
    fill(one, 12)
    expect(onWire()).toBe(9)
    lanes.loginsUnderWay--
    lanes.drain()
    expect(onWire()).toBe(10)
  })

  test('is no longer kept once the login is on the wire: it has its lane', () => {
    const { lanes, client, fill, onWire } = phoneOfLanes()
    const one = client()
    lanes.loginsUnderWay++
    fill(one, 9)
    lanes.takeForLogin(() => undefined)
    fill(one, 3, 20)
    // Nine and the login are ten.
    expect(onWire()).toBe(9)
  })

  test('is kept always beside a client that has a login of its own', () => {
    const { client, fill, onWire } = phoneOfLanes()
    client({ hasOwnLogin: true })
    fill(client(), 12)
    expect(onWire()).toBe(9)
  })
})

describe("the login's own request", () => {
  test('goes at once where a lane is free, and is not of its share', () => {
    const { lanes, client, fill } = phoneOfLanes()
    const one = client({ limit: 2, isLoggedIn: false })
    fill(one, 2)
    const taken: Lane[] = []
    lanes.takeForLogin((lane) => taken.push(lane))
    expect(taken).toEqual(['login'])
  })

  test('takes the next lane ahead of everybody where none is free', () => {
    const { lanes, client, fill, order } = phoneOfLanes()
    const one = client()
    fill(one, 12)
    let login: Lane | undefined
    lanes.takeForLogin((lane) => (login = lane))
    expect(login).toBeUndefined()
    one.done(1)
    expect([login, order.length]).toEqual(['login', 10])
    one.share.release('login')
    expect(order.length).toBe(11)
  })

  test('counts among the ten', () => {
    const { lanes, client, fill, onWire } = phoneOfLanes()
    lanes.takeForLogin(() => undefined)
    lanes.takeForLogin(() => undefined)
    fill(client(), 12)
    expect(onWire()).toBe(8)
  })

  test('of three clients go in the order in which they asked', () => {
    const { lanes, client, fill } = phoneOfLanes()
    const one = client()
    fill(one, 10)
    const gone: string[] = []
    for (const name of ['a', 'b', 'c']) lanes.takeForLogin(() => gone.push(name))
    for (const id of [1, 2, 3]) one.done(id)
    expect(gone).toEqual(['a', 'b', 'c'])
  })
})

describe('the kept lane is lent', () => {
  /** Nine stalled requests of a client whose own login began after number 10. */
  function lending() {
    const made = phoneOfLanes()
    const one = made.client({ hasOwnLogin: true, isLoggedIn: false })
    made.fill(one, 9)
    return { ...made, one }
  }

  test('while a login of the app runs, to a request without token that is younger than it', () => {
    const { one } = lending()
    one.share.lendsAfter = 10
    one.ask(12, true)
    expect(one.running.get(12)).toBe('lent')
  })

  test.each<[string, number, boolean]>([
    ['one with a token', 11, false],
    ['one that is older', 10, true],
  ])('not to %s', (_which, id, isOpen) => {
    const { one } = lending()
    one.share.lendsAfter = 10
    one.ask(id, isOpen)
    expect(one.running.has(id)).toBe(false)
  })

  test('past older ones with a token, and to one at a time', () => {
    const { one, order } = lending()
    one.share.lendsAfter = 10
    for (const id of [11, 12, 13]) one.ask(id, id > 11)
    expect(order.slice(9)).toEqual([12])
    one.done(12)
    expect(order.slice(9)).toEqual([12, 13])
  })

  test('past an older one without token that was made before the login began', () => {
    const { one, order } = lending()
    one.ask(10, true)
    one.share.lendsAfter = 10
    one.ask(12, true)
    expect(order.slice(9)).toEqual([12])
  })

  test('not to another client', () => {
    const { client, one } = lending()
    one.share.lendsAfter = 10
    const other = client()
    other.ask(11, true)
    expect(other.running.size).toBe(0)
  })

  test('past the limit of its client, which may be one', () => {
    const { client } = phoneOfLanes()
    const one = client({ limit: 1, hasOwnLogin: true, isLoggedIn: false })
    one.ask(1)
    one.share.lendsAfter = 1
    one.ask(2, true)
    expect(one.running.get(2)).toBe('lent')
  })

  test('and is kept again once it is back', () => {
    const { one, onWire } = lending()
    one.share.lendsAfter = 10
    one.ask(11, true)
    one.ask(12)
    one.share.lendsAfter = Infinity
    one.done(11)
    expect(onWire()).toBe(9)
  })
})

/** What two clients may do: ask, answer, log in, log in by a function of their own. */
const step = fc.record({
  who: fc.nat(1),
  what: fc.constantFrom(
    'ask',
    'ask',
    'ask open',
    'answer',
    'accept',
    'forget',
    'hide',
    'show',
    'lend',
    'login',
  ),
  which: fc.nat(9),
})

test('whatever happens, nobody has more than may be had, and everybody goes in the end', () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 80 }),
      fc.nat({ max: 9 }),
      fc.boolean(),
      (steps, most, hasOwnLogin) => {
        const { lanes, client, onWire } = phoneOfLanes()
        const clients = [client({ limit: most + 1, isLoggedIn: false, hasOwnLogin }), client()]
        let logins = 0
        let asked = 0
        let done = 0
        const answer = (one: (typeof clients)[number], which: number): void => {
          const id = [...one.running.keys()][which % Math.max(1, one.running.size)]
          if (id === undefined) return
          one.done(id)
          done++
        }
        for (const { who, what, which } of steps) {
          const one = clients[who] as (typeof clients)[number]
          if (what === 'ask' || what === 'ask open') one.ask(++asked, what === 'ask open')
          else if (what === 'answer') answer(one, which)
          else if (what === 'accept' || what === 'forget') one.isLoggedIn = what === 'accept'
          else if (what === 'hide' || what === 'show') lanes.isHidden = what === 'hide'
          else if (what === 'lend') one.share.lendsAfter = which > 4 ? asked : Infinity
          else
            lanes.takeForLogin(() => {
              logins++
            })
          for (const each of clients) {
            const lent = [...each.running.values()].filter((lane) => lane === 'lent').length
            expect(lent).toBeLessThanOrEqual(1)
            expect(each.running.size - lent).toBeLessThanOrEqual(each.share.limit)
          }
          expect(onWire() + logins).toBeLessThanOrEqual(10)
          // Logins are over quickly here.
          for (; logins > 0; logins--) one.share.release('login')
        }
        lanes.isHidden = false
        lanes.drain()
        for (let rounds = 0; rounds < 500 && done < asked; rounds++) for (const one of clients) answer(one, 0)
        expect(done).toBe(asked)
      },
    ),
    runs(300),
  )
})
