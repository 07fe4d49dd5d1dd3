import type { ClientEvent } from 'miniprogram-session'
import { KEPT, eventLog } from '../../services/event-log'
import { clockTime } from '../../utils/time'
import { type Line, lineOf } from '../../utils/words'

type Filter = 'all' | ClientEvent['type']

const FILTERS: { name: Filter; label: string }[] = [
  { name: 'all', label: '全部' },
  { name: 'login', label: '登录' },
  { name: 'session', label: '登录态' },
  { name: 'check', label: '校验' },
  { name: 'request', label: '请求' },
  { name: 'logout', label: '退出' },
  { name: 'storage-error', label: '存储' },
]

/** Rows on screen; copying takes all. */
const SHOWN = 120
/** ms in which events are gathered for one drawing. */
const GATHER = 100

interface Row extends Line {
  key: number
  time: string
}

Page({
  data: { filters: FILTERS, filter: 'all', rows: [] as Row[], count: '', hasAny: false },

  stop: () => {},
  timer: undefined as number | undefined,

  onShow() {
    this.stop = eventLog.on(() => this.drawSoon())
    this.draw()
  },

  onHide() {
    this.rest()
  },

  onUnload() {
    this.rest()
  },

  rest() {
    this.stop()
    if (this.timer !== undefined) clearTimeout(this.timer)
    this.timer = undefined
  },

  chosen(): ClientEvent[] {
    const { filter } = this.data
    return eventLog.all().filter(({ type }) => filter === 'all' || type === filter)
  },

  drawSoon() {
    this.timer ??= setTimeout(() => {
      this.timer = undefined
      this.draw()
    }, GATHER)
  },

  draw() {
    const events = this.chosen()
    const rows = events.slice(-SHOWN).map((event, index) => ({
      ...lineOf(event),
      key: Math.max(0, events.length - SHOWN) + index,
      time: clockTime(event.at),
    }))
    const isFull = eventLog.all().length === KEPT
    const count = `${isFull && this.data.filter === 'all' ? '最近 ' : ''}${events.length} 条事件`
    this.setData({ rows: rows.reverse(), count, hasAny: events.length > 0 })
  },

  choose({ currentTarget }: WechatMiniprogram.TouchEvent) {
    this.setData({ filter: (currentTarget.dataset as { name: Filter }).name })
    this.draw()
  },

  /** One event a line, as JSON: what a bug report needs. It holds no token and no code. */
  copy() {
    const lines = this.chosen().map((event) => JSON.stringify(event))
    wx.setClipboardData({
      data: lines.join('\n'),
      success: () => {
        wx.showToast({ title: `已复制 ${lines.length} 条` })
      },
      // WeChat refuses it to apps that have not declared the clipboard in their privacy guide.
      fail: () => {
        wx.showToast({ title: '复制失败', icon: 'none' })
      },
    })
  },

  clear() {
    eventLog.clear()
    this.draw()
  },
})
