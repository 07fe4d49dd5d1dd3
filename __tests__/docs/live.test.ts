import { drawBurst, spanOf, ticks } from '../../docs/live/burst/draw'
import { playAtOnce, playLive } from '../../docs/live/burst/play'
import { DEFAULTS, type Settings } from '../../docs/live/burst/settings'
import { WORDS } from '../../docs/live/burst/words'
import { whole } from '../../docs/live/chat/engine'
import { CHAT_WORDS } from '../../docs/live/chat/words'
import { LAWS } from '../../docs/live/laws'
import { drawScene, summary } from '../../docs/live/laws/draw'
import { blocks, read, regions } from '../recipes/pages'
import { cells } from './markdown'

/** The rows of the table in See it, two by two: the SDK and the interceptor. */
const SHOWN: Partial<Settings>[] = [{}, { requests: 100 }, { failures: 15 }, { loginFails: true }]
const figures = (page: string) =>
  Array.from(read(page).matchAll(/^\| .*(?:SDK|interceptor|拦截器) \|.*$/gm), ([row]) => cells(row).slice(1))

test.each(['docs/see-it.md', 'docs/zh/see-it.md'])('%s tells the numbers that are seen', async (page) => {
  const expected: string[][] = []
  const told = figures(page)
  for (const change of SHOWN) {
    const { sdk, interceptor } = await playAtOnce({ ...DEFAULTS, ...change })
    for (const { counts, end } of [sdk, interceptor]) {
      const hasTime = told[expected.length]?.[3] !== ''
      expected.push([
        ...[counts.answered, counts.refused, counts.codes].map(String),
        hasTime ? (end / 1000).toFixed(2) : '',
      ])
    }
  }
  expect(told).toEqual(expected)
  expect(told.filter((row) => row[3] !== '')).toHaveLength(4)
})

test.each(['docs/see-it.md', 'docs/zh/see-it.md'])('%s shows the interceptor that is played', (page) => {
  expect(blocks(read(page))).toEqual(regions('../../docs/live/burst/interceptor.ts'))
})

test('the picture is the same for everybody', async () => {
  const draw = async () => {
    const pictures = await playAtOnce(DEFAULTS)
    return drawBurst(pictures, spanOf(pictures.sdk, pictures.interceptor), WORDS.en)
  }
  expect(await draw()).toBe(await draw())
})

test('a 401, a lost answer and an answer differ by form, not by colour alone', async () => {
  const pictures = await playAtOnce({ ...DEFAULTS, requests: 20, failures: 30 })
  const html = drawBurst(pictures, spanOf(pictures.sdk, pictures.interceptor), WORDS.zh)
  const shape = (kind: string) =>
    new RegExp(`class="${kind}" d="(M[^M"]*)`).exec(html)?.[1]?.replace(/[-\d. ]+/g, '')
  expect(shape('refused')).toBe('MvLz')
  expect(shape('sent')).toBe('Mh')
  const lost = pictures.sdk.tracks.concat(pictures.interceptor.tracks).flatMap(({ attempts }) => attempts)
  const pieces = Array.from(
    html.matchAll(/class="lost" d="([^"]*)"/g),
    ([, path = '']) => path.split('M').length - 1,
  )
  const count = lost.filter(({ kind }) => kind === 'lost').length
  // The sample in the legend is one more.
  expect(pieces.reduce((sum, more) => sum + more)).toBe(4 * (count + 1))
  expect(count).toBeGreaterThan(0)
})

test('in real time there is something to see at once, and it comes to the same counts', async () => {
  const settings = { ...DEFAULTS, requests: 12, latency: 20 }
  const plays = playLive(settings)
  expect(plays.sdk.look()).toMatchObject({ isOver: false, counts: { answered: 0 } })
  await Promise.all([plays.sdk.over, plays.interceptor.over])
  const { sdk } = await playAtOnce(settings)
  expect(plays.sdk.look()).toMatchObject({ isOver: true, counts: sdk.counts })
  expect(plays.interceptor.look().counts.answered).toBe(12)
})

test.each([100, 923, 2680, 61_000])('the axis of %i ms has some marks, and not too many', (span) => {
  expect(ticks(span).length).toBeGreaterThan(1)
  expect(ticks(span).length).toBeLessThan(7)
})

/** What each picture of the guarantees shows, row by row. */
const SCENES = [
  'wx.login: code 1; /orders: 401, 200, ✓; /cart: 401, 200, ✓; /profile: 401, 200, ✓; /coupons: 401, 200, ✓',
  'wx.login: code 1; /fast: 401, 200, ✓; /slow: 401, 200, ✓',
  'wx.login: code 1; /orders: 401, 200, ✓; /cart: 200, ✓',
  'wx.login: code 1; /forbidden: 401, 401, UNAUTHORIZED; /forbidden: 401, UNAUTHORIZED',
  'wx.login: code 1 ✗, code 2; /orders: 200, ✓',
  'wx.login: code 1 403; /orders: LOGIN_REJECTED; /cart: LOGIN_REJECTED; /profile: LOGIN_REJECTED',
  'wx.login: code 1; /orders: LOGGED_OUT; /cart: LOGGED_OUT; app: logout()',
  'wx.login: -; wx.checkSession: -; /orders: 200, ✓; /cart: 200, ✓; /profile: 200, ✓',
  'wx.login: -; /orders: ✗, TIMEOUT; /cart: 200, ✓',
  'wx.login: -; /orders: ✗, OFFLINE; /orders: 200, ✓',
  'wx.login: code 1; /orders: 200, ✓; /cart: 200, ✓; app: storage-error',
  'wx.login: code 1; /orders: 401, 200, ✓; /coupons: 401, 200, ✓',
  'wx.login: -; /orders: Bearer live, ✓; cdn…/logo.png: -, ✓',
  'wx.login: -; /orders: 401, 200, ✓; /cart: 401, 200, ✓; /profile: 401, 200, ✓; refresh: 200, ✓',
  'wx.login: code 1; POST /orders: {"count":1}, {"count":1}, ✓; app: order.count = 2',
  'wx.login: code 1; /poem: 401, 200, ✓; page: chunk 1, chunk 2',
  'wx.login: -; /orders: ✗, 200, ✓; not-listed…: NETWORK',
  'wx.login: -; /news: 401 Bearer dead, 200 , ✓',
  'wx.login: -; /orders: LOGIN_REQUIRED; /orders: 200, ✓; app: setSession(…)',
  'wx.login: -; /fast: Bearer live, ✓; /slow: Bearer live, Bearer token-1, ✓; /slow: Bearer token-1, ✓',
]

test.each(SCENES.map((told, index) => [index + 1, told] as const))('law %i is seen', async (law, told) => {
  const scene = await LAWS[law - 1]?.().play()
  expect(scene && summary(scene)).toBe(told)
  if (scene) expect(drawScene(scene).match(/class="row"/g)).toHaveLength(scene.rows.length + 1)
})

describe.each(['en', 'zh'] as const)('the chat, %s', (language) => {
  const words = CHAT_WORDS[language]

  test('with a dead token shows the answer and nothing of the refusal', async () => {
    const { answer, scene } = await whole('dead-token', words)
    expect(answer).toBe(words.answer.join(''))
    expect(summary(scene)).toBe('wx.login: code 1; POST /chat: 401, 200, ✓; page: -')
  })

  test('cut in the middle keeps what has come, and asks for the rest once', async () => {
    const { answer, scene } = await whole('cut', words)
    expect(answer).toBe(words.answer.join(''))
    expect(summary(scene)).toMatch(/^wx.login: -; POST \/chat: ✗, NETWORK; \/chat from \d: 200, ✓; page: -$/)
    expect(scene.rows.find(({ label }) => label === 'page')?.spans).toHaveLength(words.answer.length)
  })
})
