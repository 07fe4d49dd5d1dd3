import { NetworkError, TimeoutError } from '../../src'
import type { PlatformFailure } from '../../src/platforms/wechat'
import { attempt, ok, type Call } from './attempt-world'

test('it is answered once and its lane comes back once, whatever WeChat calls back', async () => {
  const { send, answers, released, clock } = attempt()
  const { success, fail } = send()
  success(ok)
  success({ ...ok, statusCode: 500 })
  fail({ errMsg: 'request:fail' })
  await clock.runAll()
  expect(answers).toEqual([{ response: ok }])
  expect(released).toEqual(['share'])
})

test.each<[string, (call: Call) => unknown]>([
  ['gives nothing', () => undefined],
  ['gives null', () => null],
  ['gives a task without methods', () => ({})],
  ['gives a promise that rejects', () => Promise.reject(new Error('also told by fail'))],
  [
    'gives a task whose methods throw',
    () => ({
      abort: () => JSON.parse('<') as undefined,
      onHeadersReceived: () => JSON.parse('<') as undefined,
    }),
  ],
])('an API that %s is answered as any other', async (_what, call) => {
  const complaint = jest.spyOn(console, 'error').mockImplementation()
  const { send, answers, clock } = attempt({ call, listensTo: ['HeadersReceived'] })
  send().success(ok)
  await clock.runAll()
  expect(answers).toEqual([{ response: ok }])
  complaint.mockRestore()
})

/** A promise that tells whether anybody handles its rejection. */
function rejection() {
  const seen = { isHandled: false }
  const promise = {
    then(_done: unknown, failed?: unknown) {
      seen.isHandled ||= typeof failed === 'function'
      return promise
    },
  }
  return { seen, promise }
}

test.each([
  ['later', false],
  ['within the call', true],
])(
  'the rejection of a promise that the API gives is handled, though it is answered %s',
  (_when, isAtOnce) => {
    const { seen, promise } = rejection()
    const { send } = attempt({
      call: ({ fail }) => {
        if (isAtOnce) fail({ errMsg: 'request:fail' })
        return promise
      },
    })
    send()
    expect(seen.isHandled).toBe(true)
  },
)

test('an API that throws has failed, with its words', () => {
  const { send, answers, released } = attempt({ call: () => JSON.parse('<') as undefined })
  send()
  expect(answers[0]?.error).toBeInstanceOf(NetworkError)
  expect(answers[0]?.error?.errMsg).toMatch(/^request:fail SyntaxError/)
  expect(released).toEqual(['share'])
})

test.each<[string, unknown]>([
  ['no status', { data: 'fine' }],
  ['a status that is no number', { statusCode: 'OK', data: '' }],
  ['nothing', undefined],
])('an answer with %s is a failure', (_what, result) => {
  const { send, answers } = attempt()
  send().success(result as typeof ok)
  expect(answers[0]?.error).toMatchObject({ code: 'NETWORK' })
})

test.each<[PlatformFailure, object]>([
  [
    { status: 401, data: 'no', headers: { A: 'b' } },
    { statusCode: 401, data: 'no', header: { A: 'b' } },
  ],
  [
    { statusCode: 503, header: { A: 'b' }, errMsg: 'x' },
    { statusCode: 503, data: undefined, header: { A: 'b' } },
  ],
  [{ status: 404 }, { statusCode: 404, data: undefined, header: {} }],
])('a failure that carries a status (Alipay) is the answer it is: %j', (failure, response) => {
  const { send, answers } = attempt()
  send().fail(failure)
  expect(answers).toEqual([{ response }])
})

test.each([0, 99, 600, -1, 13])('a failure whose "status" is %i has none', (status) => {
  const { send, answers } = attempt()
  send().fail({ status, errMsg: 'request:fail' })
  expect(answers[0]?.error).toMatchObject({ code: 'NETWORK' })
})

test('what the platform hands out is handed on, and a frozen one copied where it has to change', () => {
  const result = Object.freeze({ ...ok, data: '{"id":1}' })
  const plain = attempt()
  plain.send().success(result)
  expect(plain.answers[0]?.response).toBe(result)
  const upload = attempt({ kind: 'uploadFile', isTransfer: true })
  upload.send().success(result)
  expect(upload.answers[0]?.response).toEqual({ ...result, data: { id: 1 } })
})

test.each<[string | undefined, string, unknown]>([
  [undefined, '{"id":1}', { id: 1 }],
  ['json', '{"id":1}', { id: 1 }],
  ['string', '1234567890123456789', '1234567890123456789'],
  ['其他', '{"id":1}', '{"id":1}'],
  [undefined, '<p>', '<p>'],
  [undefined, '', ''],
])('an upload with the dataType %s that is answered %s has the data %j', (dataType, data, expected) => {
  const { send, answers } = attempt({
    kind: 'uploadFile',
    isTransfer: true,
    ...(dataType !== undefined && { dataType }),
  })
  send().success({ statusCode: 200, data, header: {} })
  expect(answers[0]?.response?.data).toEqual(expected)
})

test.each(['uploadFile', 'downloadFile'] as const)(
  'the headers and cookies of an %s are those of its head',
  (kind) => {
    const { send, hooks, answers } = attempt({ kind, isTransfer: true })
    const { success } = send()
    hooks.HeadersReceived?.({ header: { A: 'b' }, cookies: ['c=d'] })
    success({ statusCode: 200, data: '' })
    expect(answers[0]?.response).toMatchObject({ header: { A: 'b' }, cookies: ['c=d'] })
  },
)

test('without a head there are no headers, and no error', () => {
  const { send, answers } = attempt({ kind: 'downloadFile', isTransfer: true })
  send().success({ statusCode: 200 })
  expect(answers[0]?.response?.header).toEqual({})
})

test('its time is over, and told, though WeChat confirms the abort within the call', async () => {
  const call = ({ fail }: Call) => ({ abort: () => fail({ errMsg: 'request:fail abort' }) })
  const { send, answers, released, clock } = attempt({ timeout: 300, call })
  send()
  await clock.runAll()
  expect(answers).toEqual([{ error: expect.any(TimeoutError) as unknown }])
  expect(released).toEqual(['share'])
})

test('its time is over at the time that it has, and the lane is kept until WeChat has let go', async () => {
  const { send, answers, released, task, clock } = attempt({ timeout: 300 })
  const { fail } = send()
  await clock.advance(299)
  expect(answers).toEqual([])
  await clock.advance(1)
  expect(answers[0]?.error).toBeInstanceOf(TimeoutError)
  expect([task.aborts, released]).toEqual([1, []])
  fail({ errMsg: 'request:fail abort' })
  await clock.runAll()
  expect([answers.length, released]).toEqual([1, ['share']])
})

test('a WeChat that never confirms an abort has its lane for a second more', async () => {
  const { send, made, answers, released, clock } = attempt()
  const { success } = send()
  made.abort()
  made.abort()
  await clock.advance(999)
  expect(released).toEqual([])
  await clock.advance(1)
  expect(released).toEqual(['share'])
  success(ok)
  await clock.runAll()
  expect([answers, released]).toEqual([[], ['share']])
})

test('an attempt that is aborted within the call is aborted at WeChat too', () => {
  const world = attempt({
    call: () => {
      world.made.abort()
      return world.task
    },
  })
  world.send()
  expect([world.task.aborts, world.answers]).toEqual([1, []])
})
