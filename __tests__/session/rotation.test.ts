import { createReadNext, Refusals } from '../../src/session/rotation'
import { Finals } from '../../src/session/finals'
import type { Held } from '../../src/session/state'
import type { Attach, Response, Rotate } from '../../src'

const answer = (more: Partial<Response> = {}): Response => ({
  data: undefined,
  statusCode: 200,
  header: {},
  ...more,
})

test.each<[string, Rotate | undefined, Attach, Partial<Response>, object | undefined]>([
  ['a header', { header: 'X-Next' }, 'bearer', { header: { 'x-next': 'b' } }, { token: 'b' }],
  [
    'a header with Bearer',
    { header: 'X-Next' },
    'bearer',
    { header: { 'X-Next': 'Bearer b' } },
    { token: 'b' },
  ],
  ['a header that is not there', { header: 'X-Next' }, 'bearer', {}, undefined],
  ['an empty header', { header: 'X-Next' }, 'bearer', { header: { 'X-Next': '' } }, undefined],
  ['a cookie', { cookie: 'sid' }, 'bearer', { cookies: ['sid=b; Path=/'] }, { token: 'b' }],
  ['a cookie of cookie sessions', undefined, { cookie: 'sid' }, { cookies: ['sid=b'] }, { token: 'b' }],
  ['a cookie that is cleared', undefined, { cookie: 'sid' }, { cookies: ['sid=b; Max-Age=0'] }, undefined],
  ['rotate rather than the cookie', { header: 'N' }, { cookie: 'sid' }, { cookies: ['sid=b'] }, undefined],
  ['a function', ({ statusCode }) => `t-${statusCode}`, 'bearer', {}, { token: 't-200' }],
  [
    'a function with an end',
    () => ({ token: 'b', expiresAt: 5 }),
    'bearer',
    {},
    { token: 'b', expiresAt: 5 },
  ],
  ['a function that finds nothing', () => undefined, 'bearer', {}, undefined],
])('the next token is read from %s', (_what, rotate, attach, response, expected) => {
  expect(createReadNext(rotate, attach)?.(answer(response))).toEqual(expected)
})

test.each<[Attach | undefined]>([
  ['bearer'],
  [{ header: 'X' }],
  [{ query: 'sid' }],
  [() => undefined],
  [undefined],
])('without rotate, attach: %j reads none', (attach) => {
  expect(createReadNext(undefined, attach)).toBeUndefined()
})

test.each<[string, Rotate]>([
  [
    'throws',
    () => {
      throw new Error('no')
    },
  ],
  ['gives a promise', (() => Promise.reject(new Error('no'))) as unknown as Rotate],
  ['gives what cannot be a token', () => 'a\nb'],
])('a rotate that %s spoils no answer, and is told to the console', (_what, rotate) => {
  const complaint = jest.spyOn(console, 'error').mockImplementation()
  try {
    expect(createReadNext(rotate, 'bearer')?.(answer())).toBeUndefined()
    expect(String(complaint.mock.calls[0])).toMatch(/rotate failed/)
  } finally {
    complaint.mockRestore()
  }
})

const held = (token: string, out: number): Held => ({
  session: { token, id: 'i' },
  source: 'login',
  isSet: false,
  isByCode: true,
  isAccepted: true,
  countsRefusal: false,
  mayRefresh: true,
  out,
  finals: new Finals(),
})

test('a refusal is judged once every other request with that token has been answered', () => {
  const refusals = new Refusals()
  const [one, other] = [held('a', 3), held('b', 2)]
  const judged: string[] = []
  refusals.wait(one, () => judged.push('a'))
  refusals.wait(other, () => judged.push('b'))
  refusals.left(one)
  refusals.left(one)
  expect(judged).toEqual([])
  refusals.left(one)
  expect(judged).toEqual(['a'])
  refusals.left(other)
  refusals.left(other)
  expect(judged).toEqual(['a', 'b'])
})

test('all refusals are judged, and once, when the token has been replaced', () => {
  const refusals = new Refusals()
  const one = held('a', 2)
  const judged: string[] = []
  for (const name of ['first', 'second'])
    refusals.wait(one, () => {
      judged.push(name)
      // One that ends in answer to this asks again.
      refusals.judgeAll()
    })
  refusals.judgeAll()
  refusals.left(one)
  refusals.left(one)
  expect(judged).toEqual(['first', 'second'])
})
