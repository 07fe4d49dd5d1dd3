import fc from 'fast-check'

/** What a request is for. All but orders may be sent again. */
export type Kind = 'page' | 'me' | 'rename' | 'order'

/** What the proxy does to one arrival of a request, in place of carrying it there and back. */
export type Fault =
  | 'none'
  /** Answers by itself: the server has never heard of it. */
  | '502'
  | '503'
  | 'html'
  /** Cuts the connection: before it has reached the server, after the server has answered, in the middle of the answer. */
  | 'cut before'
  | 'cut after'
  | 'cut half-way'
  /** The server gets it and answers; nobody hears of it. */
  | 'silence'

export interface Planned {
  kind: Kind
  page: number
  /** ms that the server holds its answer back. */
  delay: number
  /** By arrival: the first, the second; later ones are left alone. */
  faults: Fault[]
}

export interface Trouble {
  /** `stop` freezes the process, `refuse` closes the door of the proxy; both for `ms`, as long as a killed server is away. */
  kind: 'kill' | 'stop' | 'refuse' | 'expire all' | 'expire one'
  ms: number
  /** Whose sessions expire. */
  phone: number
}

export interface Plan {
  seed: number
  phones: number
  requests: Planned[]
  /** By phone, then by login. */
  loginFaults: Fault[][]
  /** In order, spread evenly over the requests. */
  troubles: Trouble[]
}

/** So many phones that no user has too many orders to read back in the end. */
const REQUESTS_PER_PHONE = 850
const FEWEST_PHONES = 6

const of = <const T extends readonly unknown[]>(...values: T): fc.Arbitrary<T[number]> =>
  fc.constantFrom(...values)
const weighted = <T>(...pairs: [weight: number, value: T][]): fc.Arbitrary<T> =>
  fc.oneof(...pairs.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })))

const FAULTS = ['502', '503', 'html', 'cut before', 'cut after', 'cut half-way', 'silence'] as const
const fault = (healthy: number): fc.Arbitrary<Fault> =>
  weighted<Fault>([healthy, 'none'], ...FAULTS.map((one): [number, Fault] => [1, one]))

const request: fc.Arbitrary<Planned> = fc.record({
  kind: weighted<Kind>([70, 'page'], [8, 'me'], [7, 'rename'], [15, 'order']),
  page: of(1, 2, 3),
  delay: weighted([90, 0], [5, 30], [4, 150], [1, 600]),
  faults: fc.tuple(fault(80), fault(30)),
})
/** Every plan has its share of each. */
const DECK: readonly Trouble['kind'][] = [
  'kill',
  'expire all',
  'stop',
  'expire one',
  'refuse',
  'expire all',
  'kill',
  'stop',
  'expire one',
]
const trouble = fc.record({
  ms: of(200, 600, 1200, 2800),
  phone: fc.nat(1000),
})

/** The same seed, the same plan. */
export function makePlan(seed: number, count: number, troubles: number): Plan {
  const phones = Math.max(FEWEST_PHONES, Math.ceil(count / REQUESTS_PER_PHONE))
  const sample = <T>(what: fc.Arbitrary<T>, numRuns: number, salt: number) =>
    fc.sample(fc.noBias(what), { seed: seed * 8 + salt, numRuns })
  const deck = Array.from({ length: troubles }, (_, n) => DECK[n % DECK.length] ?? 'kill')
  const kinds = sample(fc.shuffledSubarray(deck, { minLength: troubles }), 1, 3)[0] ?? deck
  return {
    seed,
    phones,
    requests: sample(request, count, 0),
    loginFaults: sample(fc.array(fault(20), { minLength: 60, maxLength: 60, size: 'max' }), phones, 1),
    troubles: sample(trouble, troubles, 2).map((rest, n) => ({ ...rest, kind: kinds[n] ?? 'kill' })),
  }
}
