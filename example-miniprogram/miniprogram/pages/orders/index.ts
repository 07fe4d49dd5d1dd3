import { scope } from 'miniprogram-session/page'
import { api } from '../../services/api'
import { type Order, routesOn, server } from '../../services/server'
import { failureOf, isOver } from '../../utils/failure'
import { dayTime } from '../../utils/time'

const MENU = [
  { title: '龙井茶 🍵', amount: 6800 },
  { title: '桂花糕', amount: 1880 },
  { title: '竹骨伞', amount: 12800 },
  { title: '搪瓷杯', amount: 3900 },
]

interface Row {
  id: string
  title: string
  initial: string
  price: string
  time: string
}

function rowOf({ id, title, amount, createdAt }: Order): Row {
  const initial = Array.from(title)[0] ?? ''
  return { id, title, initial, price: (amount / 100).toFixed(2), time: dayTime(createdAt) }
}

Page({
  data: {
    state: 'loading',
    failure: {},
    rows: [] as Row[],
    page: 0,
    total: 0,
    loadingMore: false,
    moreFailed: false,
    placing: false,
  },

  /** The routes on a scope of this page. */
  server,

  end: () => {},

  onLoad() {
    const page = scope(api)
    this.server = routesOn(page)
    this.end = page.end
    this.load(1)
  },

  /** Aborts what this page still reads. An order is no read: what was placed is not undone by leaving. */
  onUnload() {
    this.end()
  },

  onPullDownRefresh() {
    this.load(1)
  },

  onReachBottom() {
    this.loadMore()
  },

  retry() {
    this.setData({ state: 'loading' })
    this.load(1)
  },

  loadMore() {
    const { state, rows, total, page, loadingMore } = this.data
    if (state !== 'ready' || loadingMore || rows.length >= total) return
    this.setData({ loadingMore: true, moreFailed: false })
    this.load(page + 1)
  },

  load(page: number) {
    this.server.orders(page).then(
      ({ items, total }) => {
        const fresh = items.map(rowOf)
        // An order placed meanwhile moves the pages by one: what is here already is not shown twice.
        const known = new Set(page === 1 ? [] : this.data.rows.map(({ id }) => id))
        const rows = [...(page === 1 ? [] : this.data.rows), ...fresh.filter(({ id }) => !known.has(id))]
        this.setData({ state: 'ready', rows, page, total, loadingMore: false, moreFailed: false })
        wx.stopPullDownRefresh()
      },
      (error: unknown) => {
        if (isOver(error)) return
        wx.stopPullDownRefresh()
        this.failed(page, error)
      },
    )
  },

  failed(page: number, error: unknown) {
    const failure = failureOf(error)
    if (page > 1) {
      this.setData({ loadingMore: false, moreFailed: true })
      return
    }
    if (this.data.rows.length === 0) {
      this.setData({ state: 'error', failure })
      return
    }
    // A refresh that fails leaves the list as it was.
    this.setData({ state: 'ready' })
    wx.showToast({ title: failure.title, icon: 'none' })
  },

  async place() {
    if (this.data.placing) return
    this.setData({ placing: true })
    const choice = MENU[Math.floor(Math.random() * MENU.length)]
    try {
      const order = await this.server.placeOrder(choice ?? { title: '龙井茶', amount: 6800 })
      this.setData({ rows: [rowOf(order), ...this.data.rows], total: this.data.total + 1, state: 'ready' })
      wx.showToast({ title: '下单成功' })
    } catch (error) {
      if (isOver(error)) return
      wx.showToast({ title: failureOf(error).title, icon: 'none' })
    }
    this.setData({ placing: false })
  },
})
