// The code of docs/pages.md, before and after: what stands between #region and #endregion is what the page shows, word for word.
// entries.test.ts compares and runs it.
import { createClient, type Client } from 'miniprogram-session'
import { cache } from 'miniprogram-session/cache'
import { scope, type Scope } from 'miniprogram-session/page'
import { failures, loading } from 'miniprogram-session/ui'

const baseURL = 'https://api.example.com'
const login = { url: '/login' }

interface ThePage {
  api: Scope
  setData(data: object): void
}
interface Found {
  items: object[]
  hasMore: boolean
}
interface TheList extends ThePage {
  data: { orders: object[] }
  next: number
  load(page: number, cache?: { ttl: number }): Promise<void>
}
interface Tap {
  detail: { value: string }
}

export const pageBefore = (api: Client, Page: (page: object) => void) => {
  // #region page-before
  let newest = 0
  let isGone = false
  let isOrdering = false
  Page({
    async onInput(this: ThePage, { detail }: Tap) {
      const mine = ++newest
      const found = await api.get('/search', { q: detail.value })
      if (mine === newest && !isGone) this.setData({ found })
    },
    async onBuy(this: ThePage) {
      if (isOrdering) return
      isOrdering = true
      try {
        await api.post('/orders', { tea: 1 })
      } finally {
        isOrdering = false
      }
    },
    onUnload() {
      isGone = true
    },
  })
  // #endregion
}

export const pageAfter = (api: Client, Page: (page: object) => void) => {
  // #region page-after
  Page({
    onLoad(this: ThePage) {
      this.api = scope(api)
    },
    async onInput(this: ThePage, { detail }: Tap) {
      const context = { overlap: 'replace' } as const
      this.setData({ found: await this.api.get('/search', { q: detail.value }, { context }) })
    },
    async onBuy(this: ThePage) {
      await this.api.post('/orders', { tea: 1 }, { context: { overlap: 'join' } })
    },
    onUnload(this: ThePage) {
      this.api.end()
    },
  })
  // #endregion
}

export const paging = (api: Client, Page: (page: object) => void) => {
  /* eslint-disable @typescript-eslint/no-floating-promises -- as people write it */
  // #region paging
  Page({
    data: { orders: [] },
    async onLoad(this: TheList) {
      this.api = scope(api)
      await this.load(1)
    },
    async load(this: TheList, page: number, cache?: { ttl: number }) {
      try {
        const context = { overlap: 'replace', ...(cache && { cache }) } as const
        const { items, hasMore } = await this.api.get<Found>('/orders', { page }, { context })
        this.next = hasMore ? page + 1 : 0
        this.setData({ orders: page === 1 ? items : this.data.orders.concat(items) })
      } catch {
        // `failures()` has told of it; what was replaced is ABORTED.
      }
    },
    async onReachBottom(this: TheList) {
      if (this.next) await this.load(this.next)
    },
    async onPullDownRefresh(this: TheList) {
      await this.load(1, { ttl: 0 })
      wx.stopPullDownRefresh()
    },
    onUnload(this: TheList) {
      this.api.end()
    },
  })
  // #endregion
  /* eslint-enable @typescript-eslint/no-floating-promises */
}

export const cacheBefore = (api: Client) => {
  // #region cache-before
  async function profile() {
    const known = wx.getStorageSync<{ at: number; data: unknown } | ''>('profile')
    if (known && Date.now() - known.at < 60_000) return known.data
    const data = await api.get('/profile')
    wx.setStorageSync('profile', { at: Date.now(), data })
    return data
  }
  // #endregion
  return profile
}

export const cacheAfter = () => {
  // #region cache-after
  const kept = cache({
    ttl: 60_000,
    staleWhileRevalidate: 86_400_000,
    store: {
      get: () => wx.getStorageSync('cache'),
      set: (record) => wx.setStorageSync('cache', record),
      remove: () => wx.removeStorageSync('cache'),
    },
  })
  const api = createClient({ baseURL, login, use: [kept] })

  const profile = () => api.get('/profile')
  async function rename(name: string) {
    await api.put('/profile', { name })
    kept.clear('/profile')
  }
  // #endregion
  return { profile, rename }
}

export const uiBefore = (api: Client) => {
  /* eslint-disable @typescript-eslint/no-floating-promises -- as people write it */
  // #region ui-before
  async function orders() {
    wx.showLoading({ title: '加载中' })
    try {
      return await api.get('/orders')
    } catch (error) {
      wx.showToast({ title: String(error), icon: 'none' })
      throw error
    } finally {
      wx.hideLoading()
    }
  }
  // #endregion
  /* eslint-enable @typescript-eslint/no-floating-promises */
  return orders
}

export const uiAfter = () => {
  // #region ui-after
  const api = failures(createClient({ baseURL, login, use: [loading()] }), {
    messages: { LOGIN_REJECTED: '账号已停用，请联系客服' },
  })
  const orders = () => api.get('/orders')
  const quietly = () => api.get('/badge', {}, { context: { loading: false, failure: false } })
  // #endregion
  return { orders, quietly }
}
