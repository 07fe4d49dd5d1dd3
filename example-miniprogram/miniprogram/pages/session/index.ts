import { api, told } from '../../services/api'
import { conditions } from '../../services/conditions'
import { dev } from '../../services/dev'
import { eventLog, sessionOrigin } from '../../services/event-log'
import { type Profile, server } from '../../services/server'
import { failureOf } from '../../utils/failure'
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
    origin: { title: '', note: '' },
    life: '',
    latest: [] as (Line & { key: number })[],
    isLoggedIn: false,
    isOffline: false,
    isLoggingIn: false,
  },

  stop: [] as (() => void)[],

  onShow() {
    const clock = setInterval(() => this.drawLife(), 1000)
    const off = eventLog.on(({ type }) => {
      if (type === 'logout') this.show(GUEST)
      this.drawEvents()
    })
    this.stop = [off, () => clearInterval(clock)]
    // Somebody has logged out behind this page.
    if (this.data.state === 'ready' && !api.session) this.show(GUEST)
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
    // Before there is anything to show, the page itself is grey.
    const isFirst = this.data.state !== 'ready'
    if (isFirst) this.setData({ state: 'loading' })
    server.profile({ loading: !isFirst }).then(
      (profile) => this.show(profile),
      () => {
        if (this.data.state === 'loading') this.setData({ state: 'error' })
      },
    )
  },

  show(profile: Profile) {
    const initial = Array.from(profile.nickname)[0] ?? ''
    const picture = server.picture(profile.avatar)
    this.setData({ state: 'ready', profile, initial, picture })
    this.drawLife()
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

  expireToken() {
    dev.expireToken().then(() => {
      wx.showToast({ title: '服务器已忘记这个 token，再读取试试', icon: 'none' })
    }, told)
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
    if (this.data.isLoggingIn) return
    this.setData({ isLoggingIn: true })
    // A login is no request: what it comes to is said here.
    const title = await api.ensureLogin({ force: true }).then(
      () => '已重新登录',
      (error: unknown) => failureOf(error).title,
    )
    wx.showToast({ title, icon: 'none' })
    this.setData({ isLoggingIn: false })
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

  openLive() {
    wx.navigateTo({ url: '/pages/live/index' })
  },

  openTroubles() {
    wx.navigateTo({ url: '/pages/trouble/index' })
  },

  toggleNetwork() {
    conditions.setOffline(!conditions.isOffline)
    this.setData({ isOffline: conditions.isOffline })
  },
})
