import { at, fill, MappingError, readMapping } from '../../src/check/mapping.ts'
import { formatReport } from '../../src/check/report.ts'
import { check } from '../../src/check/run.ts'
import { freePort } from '../free-port.ts'
import { startStyledBackend, type Style } from './backend.ts'

const COMMON = {
  login: { path: '/wx/login', body: { js_code: '$code' }, token: 'data.token' },
  protected: 'GET /wx/me',
  identity: 'data.user.id',
  logout: 'POST /wx/logout',
}
const STYLES: Record<Style, object> = {
  'business-code': {
    ...COMMON,
    attach: { header: 'X-Token' },
    unauthorized: { code: 10401 },
    answers: {
      400: { code: 10400 },
      403: { code: 10403 },
      429: { code: 10429 },
      500: { code: 10500 },
      503: { code: 10503 },
    },
    retryAfter: 'data.wait',
  },
  cookie: { ...COMMON, attach: { cookie: 'sid' } },
}

test.each(['business-code', 'cookie'] as const)(
  'a back end in another style (%s) keeps to the protocol, if it is said how',
  async (style) => {
    const wechatPort = await freePort()
    const backend = await startStyledBackend(style, `http://127.0.0.1:${wechatPort}`)
    const mapping = readMapping(STYLES[style])
    const results = await check({ url: backend.url, mapping, wechatPort }).finally(() => backend.close())
    expect(formatReport(results)).toMatch(/26 ✓, 0 ✗, 7 –\. The protocol holds\.$/)
  },
  60_000,
)

test('all mistakes of a mapping are told at once', () => {
  const wrong = {
    login: { path: 'login', token: 7 },
    attach: 'header',
    answers: { 99: {}, 401: 'no' },
    write: 3,
    protekted: 'GET /me',
    longestLife: 'long',
  }
  const mistakes = (() => {
    try {
      readMapping(wrong)
      return []
    } catch (error) {
      return error instanceof MappingError ? error.mistakes : []
    }
  })()
  expect(mistakes.map((text) => /"([^"]*)"/.exec(text)?.[1])).toEqual([
    'protekted',
    'write',
    'longestLife',
    'login.request',
    'login.token',
    'attach',
    'answers',
    'answers.401',
  ])
  expect(() => readMapping([])).toThrow('It must be a JSON object.')
})

test('paths look into lists, and find nothing in what is no object', () => {
  expect(at({ data: { list: [{ id: 7 }] } }, 'data.list.0.id')).toBe(7)
  expect(at({ data: null }, 'data.token')).toBeUndefined()
  expect(at(undefined, 'token')).toBeUndefined()
})

test('values are put in as deep as they stand, and other dollars are left', () => {
  const filled = fill({ a: ['$code', '$9'], b: { c: '$code' }, d: 1 }, { code: { deep: true } })
  expect(filled).toEqual({ a: [{ deep: true }, '$9'], b: { c: { deep: true } }, d: 1 })
})
