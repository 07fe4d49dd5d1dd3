import { UnauthorizedError } from '../../src'
import { caught, failure, knownPhone, outcome, phone, result, type Phone } from '../phone'

/** A back end that is not wx.request: answers only live tokens, the others as it is told to. */
function backEnd({ fake }: Phone, refuse: () => unknown) {
  const seen: string[] = []
  const run = (token: string) => {
    seen.push(token)
    return fake.server.tokens.has(token) ? Promise.resolve({ result: 'mine' }) : refuse()
  }
  return { seen, run }
}

function throwNothing(): never {
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- APIs reject without a reason
  throw undefined
}

const refusals: [string, () => unknown][] = [
  ['a result with statusCode 401', () => Promise.resolve({ statusCode: 401 })],
  ['a result with status 401, as fetch', () => Promise.resolve({ status: 401 })],
  [
    'a rejection with response.status 401, as axios',
    () => Promise.reject(Object.assign(new Error(), { response: { status: 401 } })),
  ],
  [
    'a throw with status 401',
    () => {
      throw Object.assign(new Error(), { status: 401 })
    },
  ],
]

test.each(refusals)('after %s it is run again with a new token', async (_what, refuse) => {
  const made = knownPhone()
  const { seen, run } = backEnd(made, refuse)
  made.fake.server.expire()
  expect(await result(made.fake, made.api.authorize(run))).toEqual({ result: 'mine' })
  expect(seen).toEqual(['token-1', 'token-2'])
})

test.each(refusals)('%s again is final', async (_what, refuse) => {
  const made = phone()
  const error = await failure(made.fake, made.api.authorize(refuse))
  expect(error).toBeInstanceOf(UnauthorizedError)
  expect(error).toMatchObject({ response: { statusCode: 401 }, request: { url: 'authorize()' } })
  expect(made.fake.calls.logins).toBe(1)
})

test('it waits for the one login there is, and takes no lane', async () => {
  const { fake, api } = phone({ concurrency: 1 })
  const tokens: string[] = []
  const run = (token: string) => void tokens.push(token)
  await result(fake, Promise.all([api.authorize(run), api.authorize(run), api.get('/orders')]))
  expect(tokens).toEqual(['token-1', 'token-1'])
  expect(fake.calls.logins).toBe(1)
})

test('what is refused may be said by a function: a business code, of results and of rejections', async () => {
  const made = knownPhone()
  const outcomes: unknown[] = []
  made.fake.server.expire()
  const { seen, run } = backEnd(made, () => Promise.resolve({ result: { code: -401 } }))
  await result(
    made.fake,
    made.api.authorize(run, {
      isUnauthorized: (end) => {
        outcomes.push(end)
        return JSON.stringify(end).includes('-401')
      },
    }),
  )
  expect(seen).toEqual(['token-1', 'token-2'])
  expect(outcomes).toEqual([{ result: { result: { code: -401 } } }, { result: { result: 'mine' } }])
})

test('a rejection is shown to that function as error', async () => {
  const { fake, api } = knownPhone()
  const own = new Error('mine')
  const isUnauthorized = jest.fn(() => false)
  expect(
    await outcome(
      fake,
      api.authorize(() => Promise.reject(own), { isUnauthorized }),
    ),
  ).toEqual({ error: own })
  expect(isUnauthorized).toHaveBeenCalledWith({ error: own })
})

test.each<[string, () => unknown, unknown]>([
  ['a rejection', () => Promise.reject(new RangeError('mine')), RangeError],
  [
    'a throw',
    () => {
      throw new RangeError('mine')
    },
    RangeError,
  ],
  ['a rejection without a reason', () => Promise.resolve().then(throwNothing), Error],
])('%s that is no refusal is what the caller gets, once', async (_what, run, kind) => {
  const { fake, api } = knownPhone()
  const spy = jest.fn(run)
  expect(await failure(fake, api.authorize(spy))).toBeInstanceOf(kind)
  expect(spy).toHaveBeenCalledTimes(1)
})

test.each([undefined, null, 0, '', { status: 'ok' }])('%j is a fine result', async (value) => {
  const { fake, api, events } = knownPhone()
  expect(
    await result(
      fake,
      api.authorize(() => value),
    ),
  ).toEqual(value)
  expect(events).toContainEqual(expect.objectContaining({ type: 'request', phase: 'success', method: 'RUN' }))
})

test('its statuses in events are numbers', async () => {
  const { fake, api, events } = knownPhone()
  await result(
    fake,
    api.authorize(() => ({ status: 'ok' })),
  )
  for (const event of events) if (event.type === 'request') expect(event.statusCode ?? 200).toBe(200)
})

test('a function that throws while it judges fails the call with that', async () => {
  const { fake, api } = knownPhone()
  const isUnauthorized = (): boolean => JSON.parse('<') as boolean
  expect(
    await failure(
      fake,
      api.authorize(() => 1, { isUnauthorized }),
    ),
  ).toBeInstanceOf(SyntaxError)
})

test('abort ends it while it waits and while it runs', async () => {
  const { fake, api } = phone()
  const task = api.authorize(() => new Promise(() => undefined))
  const end = caught(task)
  task.abort()
  expect(await end).toMatchObject({ code: 'ABORTED', attempts: 0 })
  await fake.clock.runAll()
  const running = api.authorize(() => new Promise(() => undefined))
  const end2 = caught(running)
  running.abort()
  expect(await end2).toMatchObject({ code: 'ABORTED', attempts: 1 })
})

test('with blocking checks it waits for the check', async () => {
  const { fake, api } = knownPhone({ checkSession: 'blocking' })
  fake.account.expireKey()
  expect(
    await result(
      fake,
      api.authorize((token) => token),
    ),
  ).toBe('token-2')
})

test('a refusal that comes when the call has timed out says nothing any more', async () => {
  const { fake, api } = knownPhone({ checkSession: false, totalTimeout: 50 })
  const run = () =>
    new Promise((_answer, fail: (reason: Error) => void) =>
      fake.clock.setTimeout(() => fail(Object.assign(new Error('refused'), { status: 401 })), 100),
    )
  expect(await failure(fake, api.authorize(run))).toMatchObject({ code: 'TIMEOUT' })
  expect(api.session).toMatchObject({ token: 'token-1' })
})
