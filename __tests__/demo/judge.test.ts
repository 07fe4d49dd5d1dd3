import { compare, countCalls, judge, type PhoneCounts, type Promised } from '../../demo/counts'
import { report } from '../../demo/report'
import { scenarios } from '../../demo/scenarios'
import { styleOf } from '../../demo/style'
import { createClient } from '../../src'
import { createFakeWeChat } from '../../src/testing'

const promised: Promised = { requests: 20, failed: 0, unauthorized: 9, codes: 1, replays: 9 }
const server = { requests: 30, logins: 1, codes: 1, codesRefused: 0, unauthorized: 9 }
const phone: PhoneCounts = {
  requests: 20,
  codes: 1,
  arrived: 30,
  unauthorized: 9,
  replays: 9,
  retries: 0,
}

test('counts that are as promised on both ends pass', () => {
  expect(judge(compare(promised, server, phone, 20))).toEqual([])
})

test.each([
  [
    'a second code',
    { ...server, codes: 2 },
    phone,
    'codes used: promised 1, the server counted 2, the phone counted 1',
  ],
  [
    'a code used twice',
    { ...server, codesRefused: 1 },
    phone,
    'codes refused: promised 0, the server counted 1',
  ],
  ['a second session', { ...server, logins: 2 }, phone, 'sessions opened: promised 1, the server counted 2'],
  [
    'a 401 too many',
    { ...server, unauthorized: 10 },
    phone,
    '401s: promised 9, the server counted 10, the phone counted 9',
  ],
  ['a replay too few', server, { ...phone, replays: 8 }, 'replays: promised 9, the phone counted 8'],
  [
    'a request that the phone sent and nobody got',
    { ...server, requests: 29 },
    phone,
    'requests on the wire: the server counted 29, the phone counted 30',
  ],
  [
    'a request never made',
    server,
    { ...phone, requests: 19 },
    'requests made: promised 20, the phone counted 19',
  ],
])('%s is told in one line', (_name, onServer, onPhone, line) => {
  expect(judge(compare(promised, onServer, onPhone, 20))).toEqual([line])
})

test('a page without its answer is told', () => {
  expect(judge(compare(promised, server, phone, 19))).toEqual([
    'requests answered: promised 20, the pages counted 19',
  ])
})

test('without a promise, both ends only have to agree', () => {
  expect(judge([{ what: 'retries', server: 7, phone: 7 }])).toEqual([])
  expect(judge([{ what: 'retries', server: 7, phone: 8 }])).toHaveLength(1)
})

describe('counting what was asked of the phone', () => {
  async function play(prepare: (fake: ReturnType<typeof createFakeWeChat>) => void): Promise<PhoneCounts> {
    const fake = createFakeWeChat()
    const api = createClient({ platform: fake.wx, baseURL: 'https://api.test', login: { url: '/login' } })
    const login = api.ensureLogin()
    await fake.clock.runAll()
    await login
    fake.calls.reset()
    prepare(fake)
    const all = Promise.all([api.get('/a'), api.get('/b', { page: 1 }), api.get('/b', { page: 2 })])
    await fake.clock.runAll()
    await all
    return countCalls(fake.calls)
  }

  test('all is well', async () => {
    expect(await play(() => undefined)).toEqual({
      requests: 3,
      codes: 0,
      arrived: 3,
      unauthorized: 0,
      replays: 0,
      retries: 0,
    })
  })

  test('a dead token: refused, one code, sent again', async () => {
    const counts = { requests: 3, codes: 1, arrived: 7, unauthorized: 3, replays: 3, retries: 0 }
    expect(await play((fake) => fake.server.expire())).toEqual(counts)
  })

  test('a refused connection never arrived, a broken one did', async () => {
    expect(await play((fake) => fake.network.failNext(1, 'refused'))).toMatchObject({
      arrived: 3,
      retries: 1,
    })
    expect(await play((fake) => fake.network.failNext(2, 'reset'))).toMatchObject({ arrived: 5, retries: 2 })
  })
})

describe('the report', () => {
  const [scenario] = scenarios
  const timeline = { duration: 10, bars: [], lanes: [], progress: [] }
  const lines = (onServer: typeof server) => {
    if (!scenario) throw new Error('there are no scenarios')
    const counts = compare(promised, onServer, phone, 20)
    return report(scenario, { timeline, counts, phone, duration: 412 }, styleOf({}, { LANG: 'C.UTF-8' }))
  }

  test('sums up in one line', () => {
    expect(lines(server)).toContain('✔ 20 requests · 9 × 401 · 1 code used · 9 replays · 0.41 s')
  })

  test('says what is wrong, below a summary that does not look right', () => {
    const wrong = lines({ ...server, codes: 2 })
    expect(wrong).toContain('✘ 20 requests · 9 × 401 · 2 codes used · 9 replays · 0.41 s')
    expect(wrong).toContain('✘ codes used: promised 1, the server counted 2, the phone counted 1')
  })

  test('titles and stories fit 80 columns and are plain ASCII', () => {
    for (const { title, story } of scenarios) {
      for (const line of [title, story]) expect(line).toMatch(/^[\x20-\x7e]{1,80}$/)
    }
  })
})
