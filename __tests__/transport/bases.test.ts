import { ConfigError } from '../../src'
import { createBases } from '../../src/transport/bases'
import { thrown } from '../phone'

test('one base URL is all there is', () => {
  const bases = createBases('https://api.test/v1')
  expect(bases.current()).toBe('https://api.test/v1')
  expect(bases.origins()).toEqual(['https://api.test'])
})

test('no base URL is no error: every URL is absolute then', () => {
  const bases = createBases('')
  expect(bases.origins()).toEqual([])
})

test('an empty list is a mistake', () => {
  expect(thrown(() => createBases([]))).toBeInstanceOf(ConfigError)
})

test('a function is asked each time, and its answer checked each time', () => {
  let base = 'https://a.test/v1'
  const bases = createBases(() => base)
  expect(bases.current()).toBe('https://a.test/v1')
  base = 'https://b.test'
  expect(bases.current()).toBe('https://b.test')
  expect(bases.origins()).toEqual(['https://b.test'])
  base = 'http://b.test'
  expect(thrown(() => bases.current()).message).toContain('baseURL()')
})

test('a base URL with a query is refused, from a function too', () => {
  const bases = createBases(() => 'https://a.test/v1?x=1')
  expect(thrown(() => bases.current()).message).toMatch(/^baseURL\(\): leave out the \?/)
})

test('of a list the first is in force until it is left, then the next, and round to the first again', () => {
  const bases = createBases(['https://a.test', 'https://b.test/v1', 'https://c.test'])
  expect(bases.count).toBe(3)
  const seen = Array.from({ length: 4 }, () => {
    const base = bases.current()
    bases.leave(base)
    return base
  })
  expect(seen).toEqual(['https://a.test', 'https://b.test/v1', 'https://c.test', 'https://a.test'])
})

test('a base that others have left already is left once: they failed together', () => {
  const bases = createBases(['https://a.test', 'https://b.test', 'https://c.test'])
  for (let n = 0; n < 3; n++) bases.leave('https://a.test')
  expect(bases.current()).toBe('https://b.test')
})

test('asking where requests go moves nothing', () => {
  const bases = createBases(['https://a.test', 'https://b.test'])
  for (let n = 0; n < 3; n++) expect(bases.current()).toBe('https://a.test')
  expect(bases.origins()).toEqual(['https://a.test', 'https://b.test'])
  expect(bases.current()).toBe('https://a.test')
})

test('all of a list are home, whichever is in force', () => {
  const bases = createBases(['https://a.test/v1', 'https://b.test:443/'])
  bases.leave('https://a.test/v1')
  expect(bases.origins()).toEqual(['https://a.test', 'https://b.test'])
})

test('a computed base has no other to go to, and says that it can change', () => {
  const bases = createBases(() => 'https://a.test')
  bases.leave('https://a.test')
  expect(bases.current()).toBe('https://a.test')
  expect([bases.count, bases.isComputed, createBases('https://a.test').isComputed]).toEqual([1, true, false])
})

test.each([[['https://a.test', '']], [['https://a.test', 'http://b.test']], [['https://a.test#x']]])(
  'one wrong base in a list is refused before anything is sent: %j',
  (list) => {
    expect(thrown(() => createBases(list))).toBeInstanceOf(ConfigError)
  },
)
