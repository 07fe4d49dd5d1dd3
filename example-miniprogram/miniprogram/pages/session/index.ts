import { api } from '../../services/api'
import { conditions } from '../../services/conditions'
import { dev } from '../../services/dev'
import { eventLog, sessionOrigin } from '../../services/event-log'
import { type Profile, server } from '../../services/server'
import { failureOf, isOver } from '../../utils/failure'
import { longDuration } from '../../utils/time'
import { type Line, lineOf } from '../../utils/words'

/** How many of the latest events are shown. */
const LATEST = 6

/** Who is on the card while nobody is logged in. */
const GUEST: Profile = { id: '下个请求会自动登录', nickname: '访客' }

Page({
  data: {
    state: 'loading',
    profile: GUEST,
    picture: '',
    initial: '',
    failure: {},
    origin: { title: '', note: '' },
    life: '',
    latest: [] as (Line & { key: number })[],
    isLoggedIn: false,
    isOffline: false,
    reading: false,
    busy: '',
  },

  stop: [] as (() => void)[],

  onShow() {
    const clock = setInterval(() => this.drawLife(), 1000)
    const off = eventLog.on(({ type }) => {
      if (type === 'logout') this.show(GUEST)
      this.drawEvents()
    })
    this.stop = [off, () => clearInterval(clock)]
    this.drawEvents()
    this.load()
  },

  onHide() {
    this.rest()
  },

  onUnload() {
    this.rest()
  },

  rest() {
    for (const stop of this.stop) stop()
    this.stop = []
  },

  load() {
    this.setData({ reading: true })
    server.profile().then(
      (profile) => this.show(profile),
      (error: unknown) => {
        this.setData({ reading: false })
        if (!isOver(error)) this.setData({ state: 'error', failure: failureOf(error) })
      },
    )
  },

  show(profile: Profile) {
    const initial = Array.from(profile.nickname)[0] ?? ''
    const picture = server.picture(profile.avatar)
    this.setData({ state: 'ready', reading: false, profile, initial, picture })
    this.drawLife()
  },

  retry() {
    this.setData({ state: 'loading' })
    this.load()
  },

  drawEvents() {
    const events = eventLog.all()
    const latest = events
      .slice(-LATEST)
      .map((event, index) => ({ ...lineOf(event), key: events.length + index }))
    this.setData({
      origin: sessionOrigin.describe(api.session !== undefined),
      latest: latest.reverse(),
      isLoggedIn: api.session !== undefined,
    })
    this.drawLife()
  },

  drawLife() {
    const { session } = api
    const left = session?.expiresAt === undefined ? undefined : session.expiresAt - Date.now()
    const life = !session ? '—' : left === undefined ? '由服务器决定' : longDuration(left)
    if (life !== this.data.life) this.setData({ life })
  },

  /** Runs what a cell does, with its spinner, and says how it went. */
  async act(name: string, work: () => Promise<string>) {
    if (this.data.busy) return
    this.setData({ busy: name })
    try {
      wx.showToast({ title: await work(), icon: 'none' })
    } catch (error) {
      wx.showToast({ title: failureOf(error).title, icon: 'none' })
    }
    this.setData({ busy: '' })
    this.drawLife()
  },

  async expireToken() {
    await this.act('token', async () => {
      await dev.expireToken()
      return '服务器已忘记这个 token，再读取试试'
    })
  },

  expireKey() {
    conditions.expireSessionKey()
    wx.showModal({
      title: 'session_key 已过期',
      content: '每次启动只问微信一次。重新启动后 checkSession 会失败，SDK 会先登录。',
      confirmText: '重新启动',
      success: ({ confirm }) => {
        if (confirm) wx.restartMiniProgram({ path: '/pages/session/index' })
      },
    })
  },

  async login() {
    await this.act('login', async () => {
      await api.ensureLogin({ force: true })
      return '已重新登录'
    })
    this.load()
  },

  logout() {
    api.logout()
    this.drawLife()
    wx.showToast({ title: '已退出，下个请求会自动登录', icon: 'none' })
  },

  openChat() {
    wx.navigateTo({ url: '/pages/chat/index' })
  },

  openTroubles() {
    wx.navigateTo({ url: '/pages/trouble/index' })
  },

  toggleNetwork() {
    conditions.setOffline(!conditions.isOffline)
    this.setData({ isOffline: conditions.isOffline })
  },
})
