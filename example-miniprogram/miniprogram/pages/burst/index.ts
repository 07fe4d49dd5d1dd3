import type { ClientEvent } from 'miniprogram-session'
import { api } from '../../services/api'
import { eventLog } from '../../services/event-log'
import { server } from '../../services/server'
import { failureOf } from '../../utils/failure'
import { shortDuration } from '../../utils/time'
import { type Chart, chartOf } from './chart'
import { Timeline } from './timeline'

/** ms between two drawings while things go on: `setData` crosses from one thread to another. */
const FRAME = 80

const NOTHING: Chart = { rows: [], logins: [], ticks: [] }

Page({
  data: {
    count: 50,
    deadToken: true,
    slowAnswers: true,
    state: 'idle',
    density: 'dense',
    chart: NOTHING,
    counts: new Timeline(0).counts,
    elapsed: '',
    /** What the server counted by itself, to hold against the above. */
    codes: '—',
    verdict: '',
    verdictTone: '',
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

  async fire() {
    if (this.data.state === 'running') return
    const { count, deadToken } = this.data
    const density = count <= 12 ? 'roomy' : count <= 26 ? 'middle' : 'dense'
    this.setData({
      state: 'running',
      density,
      chart: NOTHING,
      codes: '—',
      verdict: '',
      verdictTone: '',
      elapsed: '',
    })
    try {
      if (deadToken) await this.killToken()
      const before = await server.stats()
      const timeline = await this.watch(count)
      const after = await server.stats()
      this.finish(timeline, after.codes - before.codes)
    } catch (error) {
      const { title, advice } = failureOf(error)
      this.setData({ state: 'done', verdict: `${title}，${advice}`, verdictTone: 'bad' })
    }
  },

  /** There must be a token before it can be a dead one. */
  async killToken() {
    await api.ensureLogin()
    await server.expireToken()
  },

  /** Sends the burst, drawing it as it goes; resolves when every request has ended. */
  async watch(count: number): Promise<Timeline> {
    const timeline = new Timeline(Date.now())
    const draw = () => this.draw(timeline, Date.now())
    const start = Date.now()
    const off = eventLog.on((event: ClientEvent) => timeline.add(event))
    const timer = setInterval(() => this.draw(timeline, Date.now() - start), FRAME)
    this.stop = () => {
      off()
      clearInterval(timer)
    }
    // Failures are on the chart; here it only matters that each one has ended.
    const requests = Array.from({ length: count }, (_, index) => this.send(index).catch(() => undefined))
    await Promise.all(requests)
    this.stop()
    draw()
    return timeline
  },

  /** Answers that come late are the hard part: their 401s arrive when the login is long over. */
  send(index: number) {
    const delay = this.data.slowAnswers ? 40 + ((index * 7919) % 11) * 55 : 0
    return api.get('/me', {}, { header: { 'x-dev-delay': String(delay) } })
  },

  draw(timeline: Timeline, now: number) {
    const at = timeline.isOver ? timeline.end : now
    this.setData({ chart: chartOf(timeline, at), counts: timeline.counts, elapsed: shortDuration(at) })
  },

  finish(timeline: Timeline, codes: number) {
    const { counts } = timeline
    const wanted = counts.refused > 0 ? 1 : 0
    const good = counts.failed === 0 && codes <= Math.max(wanted, counts.logins)
    const saved =
      counts.refused > 1
        ? `各自登录要用 ${counts.refused} 个 code，这里只用了 ${codes} 个`
        : '没有请求需要登录'
    this.setData({
      state: 'done',
      codes: String(codes),
      verdict: good ? saved : `${counts.failed} 个请求失败`,
      verdictTone: good ? 'good' : 'bad',
    })
  },
})
