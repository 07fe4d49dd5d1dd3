import { scope } from 'miniprogram-session/page'
import { api, told } from '../../services/api'
import { type Order, routesOn, server } from '../../services/server'
import { isOver } from '../../utils/failure'
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
    rows: [] as Row[],
    page: 0,
    total: 0,
    loadingMore: false,
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
    this.setData({ loadingMore: true })
    this.load(page + 1)
  },

  load(page: number) {
    this.server.orders(page).then(
      ({ items, total }) => {
        const fresh = items.map(rowOf)
        // An order placed meanwhile moves the pages by one: what is here already is not shown twice.
        const known = new Set(page === 1 ? [] : this.data.rows.map(({ id }) => id))
        const rows = [...(page === 1 ? [] : this.data.rows), ...fresh.filter(({ id }) => !known.has(id))]
        this.setData({ state: 'ready', rows, page, total, loadingMore: false })
        wx.stopPullDownRefresh()
      },
      (error: unknown) => {
        if (isOver(error)) return
        wx.stopPullDownRefresh()
        // What is here stays.
        this.setData({ state: this.data.rows.length ? 'ready' : 'error', loadingMore: false })
      },
    )
  },

  place() {
    const choice = MENU[Math.floor(Math.random() * MENU.length)]
    this.server.placeOrder(choice ?? { title: '龙井茶', amount: 6800 }).then((order) => {
      const { rows, total } = this.data
      wx.showToast({ title: '下单成功' })
      // Two taps are one order, of which both hear.
      if (rows.some(({ id }) => id === order.id)) return
      this.setData({ rows: [rowOf(order), ...rows], total: total + 1, state: 'ready' })
    }, told)
  },
})
