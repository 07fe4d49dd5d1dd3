import type { Task } from 'miniprogram-session'
import { cache } from 'miniprogram-session/cache'
import { api } from '../../services/api'
import { eventLog } from '../../services/event-log'
import { readSteps } from '../../services/open-data'
import { type Profile, routesOn } from '../../services/server'
import { failureOf, isOver } from '../../utils/failure'

/** The profile as it was last is shown at once, after a relaunch too; what has changed meanwhile comes behind it. */
let onUpdate: (profile: Profile) => void = () => {}
const kept = cache({
  ttl: 1000,
  staleWhileRevalidate: 30 * 86_400_000,
  store: {
    get: () => wx.getStorageSync('profile'),
    set: (record) => wx.setStorageSync('profile', record),
    remove: () => wx.removeStorageSync('profile'),
  },
  onUpdate: ({ data }) => onUpdate(data as Profile),
})
const server = routesOn(api.extend({ use: [kept] }))

/** What the page knows of its user, before it knows anything. */
const NOBODY = {
  state: 'loading',
  failure: {},
  picture: '',
  initial: '',
  nickname: '',
  savedNickname: '',
  /** 0-100 while a picture is on its way, else -1. */
  progress: -1,
  steps: '',
  phone: '',
}

Page({
  data: {
    ...NOBODY,
    saving: false,
    readingSteps: false,
    isTestAccount: false,
  },

  upload: undefined as Task<unknown> | undefined,

  stop: () => {},

  onLoad() {
    // DevTools' test account may not ask for what WeChat encrypts.
    const { appId } = wx.getAccountInfoSync().miniProgram
    this.setData({ isTestAccount: appId === 'touristappid' })
    onUpdate = (profile) => this.show(profile)
    this.stop = eventLog.on(({ type }) => {
      if (type === 'logout') this.forget()
    })
  },

  onShow() {
    if (this.data.state === 'loading') this.load()
  },

  onUnload() {
    this.stop()
    onUpdate = () => {}
    this.upload?.abort()
  },

  /** Whoever comes next must not find the last user's name, picture and number here. */
  forget() {
    this.upload?.abort()
    this.upload = undefined
    this.setData(NOBODY)
  },

  load() {
    server.profile().then(
      (profile) => this.show(profile),
      (error: unknown) => {
        if (!isOver(error)) this.setData({ state: 'error', failure: failureOf(error) })
      },
    )
  },

  show({ nickname, avatar }: Profile) {
    const initial = Array.from(nickname)[0] ?? ''
    this.setData({
      state: 'ready',
      nickname,
      initial,
      savedNickname: nickname,
      picture: server.picture(avatar),
    })
  },

  retry() {
    this.setData({ state: 'loading' })
    this.load()
  },

  /** The button gives a temporary file, which only an upload makes last (userProfile guide). */
  async chooseAvatar({ detail }: WechatMiniprogram.CustomEvent<{ avatarUrl: string }>) {
    this.upload?.abort()
    const before = this.data.picture
    this.setData({ picture: detail.avatarUrl, progress: 0 })
    const upload = server.uploadAvatar(detail.avatarUrl)
    upload.onProgressUpdate(({ progress }) => this.setData({ progress }))
    this.upload = upload
    try {
      await upload
      kept.clear('/me')
      wx.showToast({ title: '头像已更新' })
    } catch (error) {
      if (isOver(error)) return
      this.setData({ picture: before })
      wx.showToast({ title: failureOf(error).title, icon: 'none' })
    }
    this.upload = undefined
    this.setData({ progress: -1 })
  },

  editNickname({ detail }: WechatMiniprogram.Input) {
    this.setData({ nickname: detail.value })
  },

  async saveNickname() {
    const nickname = this.data.nickname.trim()
    if (!nickname || nickname === this.data.savedNickname || this.data.saving) return
    this.setData({ saving: true })
    try {
      this.show(await server.rename(nickname))
      kept.clear('/me')
      wx.showToast({ title: '已保存' })
    } catch (error) {
      wx.showToast({ title: failureOf(error).title, icon: 'none' })
    }
    this.setData({ saving: false })
  },

  async showSteps() {
    if (this.data.readingSteps) return
    if (this.data.isTestAccount) {
      wx.showToast({ title: '测试号没有步数，请换成自己的 appid', icon: 'none' })
      return
    }
    this.setData({ readingSteps: true, steps: '' })
    try {
      const { stepInfoList } = await readSteps()
      const today = stepInfoList[stepInfoList.length - 1]
      this.setData({ steps: today ? `${today.step} 步` : '没有数据' })
    } catch (error) {
      wx.showToast({ title: failureOf(error).title, icon: 'none' })
    }
    this.setData({ readingSteps: false })
  },

  async showPhone({ detail }: WechatMiniprogram.CustomEvent<{ code?: string }>) {
    if (!detail.code) return
    try {
      const { phoneNumber } = await server.phoneNumber(detail.code)
      this.setData({ phone: phoneNumber.replace(/^(\d{3})\d{4}/, '$1****') })
    } catch (error) {
      wx.showToast({ title: failureOf(error).title, icon: 'none' })
    }
  },

  openOrders() {
    wx.navigateTo({ url: '/pages/orders/index' })
  },
})
