import fc from 'fast-check'

/** A value that nobody expects, and how to tell of it. Made anew for each run: some are changed by whoever gets them. */
export interface Thing {
  words: string
  make: () => unknown
}

/** In every token, code, cookie and key of these tests: wherever it shows, a secret is out. */
export const SECRET = 's3cr3t'

/** What the functions and getters of these tests throw. What an app's own code throws may reach the app as it is. */
export class Planted extends Error {
  override name = 'Planted'
}

export const thing = (words: string, make: () => unknown): Thing => ({ words, make })
export const oneOf = <const T extends readonly unknown[]>(...values: T): fc.Arbitrary<T[number]> =>
  fc.constantFrom(...values)
/** A value of JSON, told as JSON. */
export const plain = (value: unknown): Thing =>
  thing(value === undefined ? 'undefined' : clipped(JSON.stringify(value)), () => structuredClone(value))

const clipped = (text: string) => (text.length > 120 ? `${text.slice(0, 100)}… (${text.length})` : text)

function boom(): never {
  throw new Planted('thrown by the fuzz')
}

function nested(levels: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { inner: value }
  return value
}

function cyclic(): unknown {
  const value: Record<string, unknown> = { name: 'round' }
  value['self'] = value
  return value
}

const text = oneOf(
  plain(''),
  plain(' '),
  plain('null'),
  plain('{"half":'),
  plain('<html><h1>502</h1></html>'),
  plain('a\r\nX-Admin: 1'),
  plain('\u0000'),
  plain('小明 👨‍👩‍👧'),
  thing('a lone surrogate', () => '\ud800'),
  plain('__proto__'),
  plain('constructor'),
  plain('GET'),
  plain('https://evil.test/x?y=1#z'),
  plain('//evil.test'),
  plain('/a b?c=d#e'),
  plain('javascript:alert(1)'),
  plain('http://plain.test'),
  thing('50,000 characters', () => 'x'.repeat(50_000)),
)

const number = oneOf(
  plain(0),
  plain(1),
  plain(-1),
  plain(0.5),
  plain(1e308),
  plain(2 ** 53),
  thing('-0', () => -0),
  thing('NaN', () => NaN),
  thing('Infinity', () => Infinity),
  thing('-Infinity', () => -Infinity),
)

const simple = oneOf(plain(undefined), plain(null), plain(true), plain(false))

const structure = oneOf(
  plain([]),
  plain({}),
  plain([null, 'a', 1]),
  plain({ token: { token: 1 } }),
  plain({ a: [1, { b: null }], c: undefined }),
  thing('2,000 levels of JSON', () => nested(2000)),
  thing('an object with __proto__ as a field', () => JSON.parse('{"__proto__":{"token":1}}') as unknown),
)

const exotic = oneOf(
  thing('a function that gives nothing', () => () => undefined),
  thing('a symbol', () => Symbol('fuzz')),
  thing('a bigint', () => 10n),
  thing('an object without a prototype', () => Object.assign(Object.create(null), { a: 1 }) as unknown),
  thing('an object that holds itself', cyclic),
  thing('a frozen object', () => Object.freeze({ a: 1 })),
  thing('a Date that is none', () => new Date(NaN)),
  thing('a Map', () => new Map([['a', 1]])),
  thing('8 bytes', () => new ArrayBuffer(8)),
  thing('a view of 4 bytes', () => new Uint8Array(4)),
  thing('an Error', () => new Planted('of the fuzz')),
  thing('an array with holes', () => [1, , 2]), // eslint-disable-line no-sparse-arrays
)

const trap = oneOf(
  thing('an object whose getter throws', () =>
    Object.defineProperty({}, 'a', { get: boom, enumerable: true }),
  ),
  thing('an object whose toString and toJSON throw', () => ({ toString: boom, toJSON: boom, valueOf: boom })),
  thing('a list whose item throws', () => Object.defineProperty([1], 0, { get: boom, enumerable: true })),
)

/** Values of JSON and its like, such as a server, a bridge or a storage can hand over. */
export const carried: fc.Arbitrary<Thing> = fc.oneof(
  { weight: 3, arbitrary: text },
  { weight: 3, arbitrary: number },
  { weight: 3, arbitrary: simple },
  { weight: 3, arbitrary: structure },
  {
    weight: 2,
    arbitrary: fc.jsonValue({ maxDepth: 3 }).map((value) => plain(value)),
  },
)

/** Any value of JavaScript, such as a mistake in an app can be. */
export const any: fc.Arbitrary<Thing> = fc.oneof(
  { weight: 6, arbitrary: carried },
  { weight: 4, arbitrary: exotic },
  { weight: 2, arbitrary: trap },
  {
    weight: 1,
    arbitrary: fc
      .anything({ maxDepth: 2, withNullPrototype: true, withBigInt: true, withSparseArray: true })
      .map((value) => thing(clipped(fc.stringify(value)), () => value)),
  },
)

/** Functions of an app's that give anything, or throw. */
export const functions: fc.Arbitrary<Thing> = fc.oneof(
  any.map(({ words, make }) => thing(`a function that gives ${words}`, () => () => make())),
  oneOf(
    thing('a function that throws', () => boom),
    thing('a function that gives its first argument', () => (first: unknown) => first),
  ),
)

/** The same where a promise is expected. */
export const asyncFunctions: fc.Arbitrary<Thing> = fc.oneof(
  functions,
  any.map(({ words, make }) =>
    thing(`a function that promises ${words}`, () => () => Promise.resolve(make())),
  ),
  oneOf(
    thing('a function that rejects', () => () => Promise.reject(new Planted('rejected by the fuzz'))),
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what apps do, and what this is about
    thing('a function that rejects with undefined', () => () => Promise.reject(undefined)),
  ),
)
