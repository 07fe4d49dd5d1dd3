import { dev } from '../../services/dev'
import { type Failure, failureOf } from '../../utils/failure'
import { shortDuration } from '../../utils/time'
import { type Chart, chartOf } from './chart'
import { Timeline } from './timeline'
import { PREPARING, READY, progressOf, refusalOf, verdictOf } from './verdict'
import { type Way, withSdk, withoutSdk } from './ways'

/** ms between two drawings while things go on: `setData` crosses from one thread to another. */
const FRAME = 80

const NOTHING: Chart = { rows: [], rowStyle: '', logins: [], ticks: [], now: '' }
const UNKNOWN = '—'

Page({
  data: {
    count: 50,
    deadToken: true,
    slowAnswers: true,
    isWithoutSdk: false,
    isRunning: false,
    chart: NOTHING,
    counts: new Timeline(0).counts,
    elapsed: '',
    /** What the server counted by itself, to hold against the above. */
    codes: UNKNOWN,
    verdict: READY,
  },

  stop: () => {},

  onUnload() {
    this.stop()
  },

  changeCount({ detail }: WechatMiniprogram.SliderChange) {
    this.setData({ count: detail.value })
  },

  toggleDead({ detail }: WechatMiniprogram.SwitchChange) {
    this.setData({ deadToken: detail.value })
  },

  toggleSlow({ detail }: WechatMiniprogram.SwitchChange) {
    this.setData({ slowAnswers: detail.value })
  },

  toggleSdk({ detail }: WechatMiniprogram.SwitchChange) {
    this.setData({ isWithoutSdk: detail.value })
  },

  async fire() {
    if (this.data.isRunning) return
    const counts = new Timeline(0).counts
    this.setData({ isRunning: true, chart: NOTHING, counts, elapsed: '', codes: UNKNOWN, verdict: PREPARING })
    try {
      const way = this.data.isWithoutSdk ? withoutSdk : withSdk
      if (this.data.deadToken) await way.killToken()
      const before = await dev.stats()
      const { timeline, failure } = await this.watch(way, this.data.count)
      await this.judge(timeline, before.codes, failure)
    } catch (error) {
      this.setData({ verdict: refusalOf(failureOf(error)) })
    }
    this.setData({ isRunning: false })
  },

  /** Sends the burst, drawing it as it goes; resolves when every request has ended, with the first failure. */
  async watch(way: Way, count: number): Promise<{ timeline: Timeline; failure: Failure | undefined }> {
    const start = Date.now()
    const timeline = new Timeline(start)
    const { answers, stop } = way.fire(
      timeline,
      Array.from({ length: count }, (_, index) => this.header(index)),
    )
    const timer = setInterval(() => this.draw(timeline, Date.now() - start), FRAME)
    this.stop = () => {
      stop()
      clearInterval(timer)
    }
    let failure: Failure | undefined
    const failed = (error: unknown) => {
      failure ??= failureOf(error)
    }
    await Promise.all(answers.map((answer) => answer.catch(failed)))
    this.stop()
    this.draw(timeline, timeline.end)
    return { timeline, failure }
  },

  /** Answers that come late are the hard part: their 401s arrive when the login is long over. */
  header(index: number) {
    const delay = this.data.slowAnswers ? 40 + ((index * 7919) % 11) * 55 : 0
    return { 'x-dev-delay': String(delay) }
  },

  draw(timeline: Timeline, now: number) {
    this.setData({
      chart: chartOf(timeline, now),
      counts: timeline.counts,
      elapsed: shortDuration(now),
      verdict: progressOf(timeline, this.data.isWithoutSdk),
    })
  },

  /** Asks the server what it counted meanwhile. If it cannot be asked, the failures above say why. */
  async judge(timeline: Timeline, codesBefore: number, failure: Failure | undefined) {
    const after = await dev.stats().catch((error: unknown): undefined => {
      failure ??= failureOf(error)
    })
    const codes = after && after.codes - codesBefore
    this.setData({
      codes: codes === undefined ? UNKNOWN : String(codes),
      verdict: verdictOf(timeline, codes, failure, this.data.isWithoutSdk),
    })
  },
})
