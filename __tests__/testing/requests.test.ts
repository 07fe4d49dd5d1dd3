import type { Platform } from '../../src/platforms/wechat'
import { createFakeWeChat, type FakeRequest } from '../../src/testing'
import { answerTo, send } from './helpers'

const echo = (seen: FakeRequest[]) => (request: FakeRequest) => {
  seen.push(request)
  return { data: {} }
}

/** The request as the back end got it. */
async function arrived(options: Partial<WechatMiniprogram.RequestOption>): Promise<FakeRequest> {
  const seen: FakeRequest[] = []
  await answerTo(createFakeWeChat({ server: echo(seen) }), options)
  const [request] = seen
  if (!request) throw new Error('nothing arrived')
  return request
}

test('the fake wx is a platform for the SDK', () => {
  const platform: Platform = createFakeWeChat().wx
  expect(platform.clock).toBeDefined()
})

test('a 401 arrives in success, and only after the latency', async () => {
  const fake = createFakeWeChat()
  const { calls, results } = send(fake)
  await fake.clock.advance(9)
  expect(calls).toEqual([])
  await fake.clock.advance(1)
  expect(calls).toEqual(['success', 'complete'])
  expect(results).toEqual([
    {
      statusCode: 401,
      data: { ok: false, error: 'unauthorized' },
      header: {},
      cookies: [],
      errMsg: 'request:ok',
    },
  ])
})

test('the latency may depend on the request', async () => {
  const fake = createFakeWeChat({ latency: ({ path }) => (path === '/slow' ? 500 : 0) })
  const slow = send(fake, { url: 'https://api.test/slow' })
  const quick = send(fake)
  await fake.clock.advance(0)
  expect([quick.calls.length, slow.calls.length]).toEqual([2, 0])
  await fake.clock.advance(500)
  expect(slow.calls.length).toBe(2)
})

test('complete follows success even when success throws', async () => {
  const fake = createFakeWeChat()
  let completed = false
  fake.wx.request({
    url: 'https://api.test/orders',
    success: () => {
      throw new Error('in the page')
    },
    complete: () => (completed = true),
  })
  await expect(fake.clock.runAll()).rejects.toThrow('in the page')
  expect([completed, fake.network.running]).toEqual([true, 0])
})

describe('what is sent', () => {
  test('an object becomes the query of a GET, encoded', async () => {
    const request = await arrived({
      url: 'https://api.test/orders?a=1#top',
      data: { 'k&': 'v=', list: [1, 2], none: undefined },
    })
    expect(request.url).toBe('https://api.test/orders?a=1&k%26=v%3D&list=%5B1%2C2%5D&none=undefined')
    expect(request.query).toEqual({ a: '1', 'k&': 'v=', list: '[1,2]', none: 'undefined' })
    expect(request.data).toBeUndefined()
  })

  test('an empty object leaves the URL of a GET alone', async () => {
    expect((await arrived({ data: {} })).url).toBe('https://api.test/orders')
  })

  test('an object becomes JSON in a POST, and a form when the content type says so', async () => {
    const json = await arrived({ method: 'POST', data: { n: 1 } })
    expect([json.data, json.header]).toEqual(['{"n":1}', { 'content-type': 'application/json' }])
    const header = { 'Content-Type': 'application/x-www-form-urlencoded' }
    const form = await arrived({ method: 'POST', data: { n: 1, s: 'a b' }, header })
    expect([form.data, form.form, form.header]).toEqual(['n=1&s=a%20b', { n: '1', s: 'a b' }, header])
  })

  test('strings and buffers pass through', async () => {
    expect((await arrived({ method: 'POST', data: '{"n":1}' })).json).toEqual({ n: 1 })
    const bytes = Uint8Array.from([0xe4, 0xbd, 0xa0]).buffer
    const request = await arrived({ method: 'PUT', data: bytes })
    expect([request.data, request.text, request.json]).toEqual([bytes, '你', undefined])
  })

  test('Referer cannot be set, and undefined fields are left out', async () => {
    const { header } = await arrived({ header: { Referer: 'x', a: undefined, B: 2 } })
    expect(header).toEqual({ B: '2', 'content-type': 'application/json' })
  })

  test('a header is found by its name in any case', async () => {
    const request = await arrived({ header: { AUTHORIZATION: 'x' } })
    expect([request.headerOf('authorization'), request.headerOf('cookie')]).toEqual(['x', undefined])
  })

  test.each([
    ['https://api.test', 'https://api.test', '/'],
    ['https://api.test?a=1', 'https://api.test', '/'],
    ['http://127.0.0.1:3000/a/b#c', 'http://127.0.0.1:3000', '/a/b'],
  ])('%s is taken apart', async (url, origin, path) => {
    const request = await arrived({ url })
    expect([request.origin, request.path]).toEqual([origin, path])
  })

  test('a query that cannot be decoded is left as it is', async () => {
    const request = await arrived({ url: 'https://api.test/?a=%zz&b&c=1&c=2' })
    expect(request.queryAll).toEqual([
      ['a', '%zz'],
      ['b', ''],
      ['c', '1'],
      ['c', '2'],
    ])
  })

  test('a number as data travels as text', async () => {
    const data = 7 as unknown as string
    expect((await arrived({ method: 'POST', data })).data).toBe('7')
  })
})

describe('what cannot be sent fails, and never reaches the back end', () => {
  const circle: Record<string, unknown> = {}
  circle['self'] = circle
  test.each([
    ['a relative URL', { url: '/orders' }, { errMsg: 'request:fail invalid url "/orders"', errno: 600009 }],
    ['PATCH', { method: 'PATCH' as 'PUT' }, { errMsg: 'request:fail method is invalid', errno: 600005 }],
    [
      'a circle',
      { method: 'POST' as const, data: circle },
      { errMsg: 'request:fail data serialization failed', errno: 600010 },
    ],
    [
      'a strange host',
      { url: 'https://evil.test/' },
      { errMsg: 'request:fail url not in domain list', errno: 600002 },
    ],
  ])('%s', async (_name, options, failure) => {
    const fake = createFakeWeChat({ domains: ['https://api.test'] })
    const { task, calls, results } = send(fake, options)
    expect(calls).toEqual([])
    task.abort()
    await fake.clock.runAll()
    expect([calls, results]).toEqual([['fail', 'complete'], [failure]])
    expect(fake.server.requestCount).toBe(0)
  })

  test('an error that is not about sending is thrown', () => {
    const header = { a: { toString: () => { throw new Error('in the header') } } } // prettier-ignore
    expect(() => send(createFakeWeChat(), { header })).toThrow('in the header')
  })
})

describe('what is received', () => {
  test.each([
    ['JSON is parsed', { data: { n: 1 } }, {}, { n: 1 }],
    ['JSON as text is parsed', { data: '{"n":1}' }, {}, { n: 1 }],
    ['a byte order mark is taken off', { data: '\uFEFF{"n":1}' }, {}, { n: 1 }],
    ['what is no JSON stays a string', { data: '<html>' }, {}, '<html>'],
    ['nothing is an empty string', {}, {}, ''],
    ['another dataType is not parsed', { data: '{"n":1}' }, { dataType: 'text' }, '{"n":1}'],
    ['bytes are read as UTF-8', { data: Uint8Array.from([0xc3, 0xa9]).buffer }, {}, 'é'],
    ['bytes that are no UTF-8 are still read', { data: Uint8Array.from([0xe9]).buffer }, {}, 'é'],
    ['a HEAD has no body', { data: { n: 1 } }, { method: 'HEAD' as const }, ''],
    [
      'arraybuffer',
      { data: 'aé你😀\ud800' },
      { responseType: 'arraybuffer' as const },
      Uint8Array.from([0x61, 0xc3, 0xa9, 0xe4, 0xbd, 0xa0, 0xf0, 0x9f, 0x98, 0x80, 0xef, 0xbf, 0xbd]).buffer,
    ],
    [
      'a buffer as arraybuffer',
      { data: Uint8Array.from([1]).buffer },
      { responseType: 'arraybuffer' as const },
      Uint8Array.from([1]).buffer,
    ],
  ])('%s', async (_name, reply, options, data) => {
    // prettier-ignore
    const fake = createFakeWeChat({ server: () => reply })
    expect((await answerTo(fake, options))?.['data']).toEqual(data)
  })

  const reply = { header: { 'X-Trace': '1' }, cookies: ['a=1; Path=/', 'b=2'] }

  test('cookies come apart in cookies, and joined by a comma in the header', async () => {
    const answer = await answerTo(createFakeWeChat({ server: () => reply }))
    expect(answer).toMatchObject({
      cookies: reply.cookies,
      header: { 'X-Trace': '1', 'Set-Cookie': 'a=1; Path=/,b=2' },
    })
  })

  test('header names may be lower-cased, as HTTP/2 does', async () => {
    const fake = createFakeWeChat({ server: () => reply, headerNames: 'lowercase' })
    expect(Object.keys((await answerTo(fake))?.['header'] as object)).toEqual(['x-trace', 'set-cookie'])
  })

  test('a back end that throws answers 500, at once or by its promise', async () => {
    const server = () => {
      throw new Error('bug')
    }
    const answer = { statusCode: 500, data: { error: 'Error: bug' } }
    expect(await answerTo(createFakeWeChat({ server }))).toMatchObject(answer)
    const later = () => Promise.reject(new Error('bug'))
    expect(await answerTo(createFakeWeChat({ server: later }))).toMatchObject(answer)
  })

  test('a back end may fail a request by name or in words of its own', async () => {
    const named = createFakeWeChat({ server: () => ({ fail: 'dns' }) })
    expect(await answerTo(named)).toEqual({
      errMsg: 'request:fail errcode:-105 cronet_error_code:-105 error_msg:net::ERR_NAME_NOT_RESOLVED',
      errno: 600001,
    })
    const own = createFakeWeChat({ server: () => ({ fail: { errMsg: 'fail 请求超时' } }) })
    expect(await answerTo(own)).toEqual({ errMsg: 'request:fail 请求超时' })
  })
})

test('behind WeChat Gateway the message is another, and headers are lower-cased or dropped', async () => {
  const seen: FakeRequest[] = []
  const fake = createFakeWeChat({ gateway: true, server: echo(seen) })
  const answer = await answerTo(fake, { header: { 'X-Wx-Mine': '1', Authorization: 'Bearer t' } })
  expect(answer?.['errMsg']).toBe('gateway.call:ok')
  expect(seen[0]?.header).toEqual({ authorization: 'Bearer t', 'content-type': 'application/json' })
})

describe('events of a task', () => {
  test('a listener that throws does not keep the request from ending', async () => {
    const fake = createFakeWeChat()
    const { task, calls } = send(fake)
    task.onHeadersReceived(() => {
      throw new Error('in a listener')
    })
    await expect(fake.clock.runAll()).rejects.toThrow('in a listener')
    expect([calls, fake.network.running]).toEqual([['success', 'complete'], 0])
  })

  test('the header comes before success', async () => {
    const fake = createFakeWeChat({
      server: () => ({ statusCode: 201, header: { a: '1' }, cookies: ['c=1'] }),
    })
    const { task, calls } = send(fake)
    const events: unknown[] = []
    const removed = () => events.push('removed')
    task.offHeadersReceived()
    task.onHeadersReceived((event) => events.push(event, [...calls]))
    task.onHeadersReceived(removed)
    task.offHeadersReceived(removed)
    await fake.clock.runAll()
    expect(events).toEqual([
      { statusCode: 201, header: { a: '1', 'Set-Cookie': 'c=1' }, cookies: ['c=1'] },
      [],
    ])
  })

  test('with enableChunked the body arrives in pieces, and success has none of it', async () => {
    const chunks = ['data: 1\n', Uint8Array.from([1, 2]).buffer]
    const fake = createFakeWeChat({ server: () => ({ chunks }) })
    const { task, results } = send(fake, { enableChunked: true })
    const pieces: ArrayBuffer[] = []
    task.onChunkReceived(({ data }) => pieces.push(data))
    await fake.clock.runAll()
    expect(pieces.map((piece) => piece.byteLength)).toEqual([8, 2])
    expect(results).toMatchObject([{ statusCode: 200, data: '' }])
  })

  test('with enableChunked a whole body is one piece, and an empty one is none', async () => {
    const fake = createFakeWeChat({ server: ({ path }) => ({ data: path === '/empty' ? '' : { n: 1 } }) })
    const pieces: ArrayBuffer[] = []
    for (const path of ['/full', '/empty']) {
      const { task } = send(fake, { url: `https://api.test${path}`, enableChunked: true })
      task.onChunkReceived(({ data }) => pieces.push(data))
    }
    const { task } = send(fake, { enableChunked: true })
    task.onChunkReceived(() => pieces.push(new ArrayBuffer(0)))
    task.offChunkReceived()
    await fake.clock.runAll()
    expect(pieces.map((piece) => piece.byteLength)).toEqual([7])
  })
})
