import fc from 'fast-check'
import { streamEvents } from '../../src/stream'
import type { FakeReply, StreamMisbehaviour } from '../../src/testing'
import { watch } from '../laws/world'
import { bytes, EVENTS, sse, streaming, URL } from './world'
import { runs } from '../runs'

/** What the server does with one attempt. */
interface Answer {
  status: 200 | 401 | 500 | 503 | 404
  cuts: number[]
  end: 'whole' | 'reset' | 'lost'
  /** After how many of its bytes it breaks off, unless it is whole. */
  breaksAt: number
  gap: number
  oddity: StreamMisbehaviour | undefined
}

type Deed = 'abort' | 'return' | 'logout' | 'expire' | 'background' | 'nothing'

const ODDITIES: StreamMisbehaviour[] = [
  'chunk-before-head',
  'no-head',
  'head-without-status',
  'chunk-as-view',
  'no-chunks',
  'chunk-after-abort',
]
const answers = fc.record<Answer>({
  status: fc.constantFrom(200, 200, 200, 200, 401, 500, 503, 404),
  cuts: fc.array(fc.nat({ max: 80 }), { maxLength: 6 }),
  end: fc.constantFrom('whole', 'whole', 'reset', 'lost'),
  breaksAt: fc.nat({ max: 60 }),
  gap: fc.constantFrom(1, 200, 5000, 31_000),
  oddity: fc.option(fc.constantFrom(...ODDITIES), { nil: undefined, freq: 3 }),
})
const stories = fc.record({
  answers: fc.array(answers, { minLength: 1, maxLength: 4 }),
  method: fc.constantFrom('GET' as const, 'POST' as const),
  token: fc.constantFrom('good' as const, 'dead' as const),
  deed: fc.constantFrom<Deed>('abort', 'return', 'logout', 'expire', 'background', 'nothing', 'nothing'),
  at: fc.constantFrom(0, 5, 15, 30, 300, 6000),
  byForEach: fc.boolean(),
})

const TELL_NO_STATUS: unknown[] = ['chunk-before-head', 'no-head', 'head-without-status']
/** Whichever of the attempts it is that the phone does that to: refusals of a dead token come before the answers. */
const mayHideRefusals = (answers: readonly Answer[]) =>
  answers.some(({ oddity }) => TELL_NO_STATUS.includes(oddity)) &&
  answers.some(({ status }) => status !== 200)

const bodyOf = (nth: number, status: number) =>
  sse(...[1, 2, 3].map((n) => `${status === 200 ? 'good' : 'BAD'} ${nth}.${n} 咖啡`))

function replyOf({ status, cuts, end, breaksAt, gap }: Answer, nth: number): FakeReply {
  const whole = bytes(bodyOf(nth, status))
  const length = end === 'whole' ? whole.byteLength : Math.min(breaksAt, whole.byteLength)
  const ends = [0, ...cuts.filter((cut) => cut < length), length].sort((a, b) => a - b)
  const chunks = ends.slice(1).map((to, index) => ({ after: gap, data: whole.slice(ends[index], to) }))
  return {
    statusCode: status,
    header: EVENTS,
    chunks,
    ...(end === 'reset' && { fail: 'reset' as const }),
    ...(end === 'lost' && { lost: true }),
  }
}

test('any server, any phone, any reader: the laws of streams hold', async () => {
  await fc.assert(
    fc.asyncProperty(stories, async ({ answers, method, token, deed, at, byForEach }) => {
      const last = answers.at(-1) as Answer
      const sends: number[] = []
      const { fake, api } = streaming(
        (_wire, nth) => {
          sends.push(items.length)
          return replyOf(answers[nth] ?? { ...last, status: 200, end: 'whole' }, nth)
        },
        { token, client: { retry: { delay: () => 10 } } },
      )
      for (const { oddity } of answers)
        if (oddity) fake.misbehave('request', oddity, 1, ({ url }) => url?.endsWith(URL) === true)
      const items: string[] = []
      let isStopped = false
      let lateItems = 0
      const take = ({ data }: { data: string }) => {
        if (isStopped) lateItems++
        items.push(data)
      }
      const stream = streamEvents(api, { url: URL, method })
      const loop = async () => {
        for await (const item of stream) take(item)
      }
      const ended = watch(byForEach ? stream.forEach(take) : loop(), fake)
      const opened = watch(stream.opened, fake)
      await fake.clock.advance(at)
      const wasOver = ended.code !== 'pending'
      if (deed === 'abort' || deed === 'return') {
        isStopped = true
        if (deed === 'abort') stream.abort()
        else watch(stream.return(), fake)
      }
      if (deed === 'logout') api.logout()
      if (deed === 'expire') fake.server.expire()
      if (deed === 'background') {
        fake.app.toBackground()
        await fake.clock.advance(6000)
        fake.app.toForeground()
      }
      await fake.clock.runAll()

      // Law 9 and S10: it ends, and nothing is delivered after it was stopped.
      expect([ended.code === 'pending', opened.code === 'pending', lateItems]).toEqual([false, false, 0])
      if (isStopped && !wasOver) expect(ended.code).toBe(deed === 'abort' ? 'ABORTED' : 'ok')
      // S1: none of it is of an answer that was refused, but where the phone tells no status before the chunks, of a token that
      // has been accepted (law 16).
      if (!mayHideRefusals(answers)) expect(items.filter((item) => item.includes('BAD'))).toEqual([])
      // S2: once an item has been delivered nothing is sent.
      expect(sends.filter((count) => count > 0)).toEqual([])
      // S4, S5: what was delivered is the beginning of one answer, in order, nothing twice.
      const [, what = '', nth = ''] = /^(good|BAD) (\d)\./.exec(items[0] ?? '') ?? []
      expect(items).toEqual([1, 2, 3].map((n) => `${what} ${nth}.${n} 咖啡`).slice(0, items.length))
      // Whole streams are whole.
      if (ended.code === 'ok' && !isStopped) expect(items.length).toBe(3)
      if (ended.error && 'delivered' in ended.error) expect(ended.error.delivered).toBeGreaterThanOrEqual(0)
    }),
    runs(300),
  )
}, 30_000)
