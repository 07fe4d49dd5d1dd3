import { ConfigError, type Query } from '../../src'
import { failure, knownPhone, last, outcome, result } from '../phone'

const FORM = 'application/x-www-form-urlencoded; charset=utf-8'

const selfish: Record<string, unknown> = {}
selfish['self'] = selfish

const unsendable: [string, unknown][] = [
  ['a circular object', selfish],
  ['a date that is none', { at: new Date(NaN) }],
  ['half an emoji', { name: '\ud800' }],
]

test.each(unsendable)(
  'a query that cannot be written is a mistake of the request: %s',
  async (_what, query) => {
    const { fake, api } = knownPhone()
    const error = await failure(fake, api.get('/orders', { query }, { query: query as Query }))
    expect(error).toBeInstanceOf(ConfigError)
    expect(error.cause).toBeInstanceOf(Error)
  },
)

test.each([...unsendable, ['null', null]])('nor is such a form: %s', async (_what, data) => {
  const { fake, api } = knownPhone()
  const end = await outcome(fake, api.post('/orders', data, { header: { 'content-type': FORM } }))
  if ('error' in end) expect(end.error).toBeInstanceOf(ConfigError)
  else expect(last(fake).text).toBe('')
})

test.each([
  ['a circular object', selfish],
  ['a BigInt', { n: 10n }],
])('nor such JSON: %s', async (_what, data) => {
  const { fake, api } = knownPhone()
  const error = await failure(fake, api.post('/orders', data))
  expect(error).toBeInstanceOf(ConfigError)
  expect(error.cause).toBeInstanceOf(TypeError)
})

test('a circular body fails its own request with the reason, and no other', async () => {
  const { fake, api } = knownPhone({ concurrency: 1 })
  const data: Record<string, unknown> = {}
  data['self'] = data
  expect(await failure(fake, api.post('/orders', data))).toMatchObject({ code: 'CONFIG' })
  expect(await result(fake, api.post('/orders', {}))).toMatchObject({ ok: true })
})
