import { LANES, Lanes, Share, type Lane } from '../../src/transport/lanes'

/** A phone, and a client on it with a share of so many lanes. */
function shareOf(limit: number, lanes = new Lanes(LANES), isLoggedIn = true) {
  const share = new Share(lanes, limit, () => isLoggedIn)
  const gone: number[] = []
  const queue = (id: number, isOpen = false) => share.queue({ id, run: () => gone.push(id) }, isOpen)
  return { lanes, share, gone, queue }
}

/** As many as the phone has. */
const TEN = 10
const takeAll = (share: Share, count = TEN) => {
  const taken = Array.from({ length: count }, (_, n) => share.take(n, false))
  return taken.filter((lane) => lane !== undefined).length
}

test('as many as its share has may go at once, no more', () => {
  const { share } = shareOf(2)
  expect([share.take(1, false), share.take(2, false), share.take(3, false)]).toEqual([
    'share',
    'share',
    undefined,
  ])
  share.release('share')
  expect(share.take(4, false)).toBe('share')
})

test('whoever queues goes in the order of coming, one for each lane that comes free', () => {
  const { share, gone, queue } = shareOf(1)
  share.take(0, false)
  for (const n of [1, 2, 3]) queue(n)
  expect(gone).toEqual([])
  share.release('share')
  expect(gone).toEqual([1])
  share.release('share')
  share.release('share')
  expect(gone).toEqual([1, 2, 3])
})

test('whoever has to come back goes before those who came later', () => {
  const { share, gone, queue } = shareOf(1)
  share.take(0, false)
  for (const n of [3, 5, 6, 1, 4]) queue(n)
  for (let n = 0; n < 5; n++) share.release('share')
  expect(gone).toEqual([1, 3, 4, 5, 6])
})

test('whoever gives up is passed over, and the lane comes free', () => {
  const { share, gone, queue } = shareOf(1)
  share.take(0, false)
  const entry: { id: number; run: (() => void) | undefined } = { id: 1, run: () => gone.push(1) }
  share.queue(entry, false)
  queue(2)
  entry.run = undefined
  share.release('share')
  expect(gone).toEqual([2])
})

test('nobody jumps the queue', () => {
  const { share, queue } = shareOf(1)
  let jumped: Lane | undefined
  share.take(0, false)
  share.queue({ id: 1, run: () => (jumped = share.take(9, false)) }, false)
  queue(2)
  share.release('share')
  expect(jumped).toBeUndefined()
})

test('of two clients the older request goes first, and a client at its own limit is passed over', () => {
  const one = shareOf(TEN)
  const other = shareOf(1, one.lanes)
  expect([takeAll(one.share, 9), other.share.take(9, false)]).toEqual([9, 'share'])
  const order: string[] = []
  one.share.queue({ id: 12, run: () => order.push('one') }, false)
  other.share.queue({ id: 11, run: () => order.push('other') }, false)
  one.share.release('share')
  expect(order).toEqual(['one'])
  other.share.release('share')
  expect(order).toEqual(['one', 'other'])
})

test('two clients together never have more than ten', () => {
  const one = shareOf(TEN)
  const other = shareOf(TEN, one.lanes)
  expect(takeAll(one.share, 6) + takeAll(other.share)).toBe(TEN)
})

test.each<[string, (lanes: Lanes) => Share]>([
  ['a client that asks has no accepted token', (lanes) => shareOf(TEN, lanes, false).share],
  [
    'another client with a login of the app’s is on the phone',
    (lanes) => {
      lanes.keepers++
      return shareOf(TEN, lanes).share
    },
  ],
  [
    'a login is under way',
    (lanes) => {
      lanes.loginsUnderWay++
      return shareOf(TEN, lanes).share
    },
  ],
])('one lane is kept while %s', (_why, make) => {
  expect(takeAll(make(new Lanes(LANES)))).toBe(TEN - 1)
})

test('a login takes the next lane that is free, ahead of everybody', () => {
  const { lanes, share, gone, queue } = shareOf(TEN)
  takeAll(share)
  queue(1)
  let login: Lane | undefined
  lanes.takeForLogin((lane) => (login = lane))
  expect(login).toBeUndefined()
  share.release('share')
  expect([login, gone]).toEqual(['login', []])
  lanes.end('login')
  expect(gone).toEqual([1])
})

test('the kept lane is lent to the oldest that is younger than the login of the app’s, past older ones', () => {
  const { lanes, share, gone, queue } = shareOf(TEN)
  lanes.keepers++
  takeAll(share)
  for (const n of [20, 30, 31]) queue(n, true)
  expect(gone).toEqual([])
  share.lendsAfter = 25
  lanes.drain()
  expect(gone).toEqual([30])
  lanes.end('lent')
  expect(gone).toEqual([30, 31])
})

test('in the background who waits stays, and who asks now goes', () => {
  const { lanes, share, gone, queue } = shareOf(1)
  share.take(0, false)
  queue(1)
  lanes.isHidden = true
  share.release('share')
  expect([gone, share.take(2, false)]).toEqual([[], 'share'])
  lanes.isHidden = false
  share.release('share')
  expect(gone).toEqual([1])
})

test('100,000 answers within the call do not overflow the stack', () => {
  const { share } = shareOf(1)
  let gone = 0
  share.take(0, false)
  for (let n = 0; n < 100_000; n++) {
    const run = (lane: Lane): void => {
      gone++
      share.release(lane)
    }
    share.queue({ id: n, run }, false)
  }
  share.release('share')
  expect(gone).toBe(100_000)
  expect(share.take(1, false)).toBe('share')
})
