import type { Task } from 'miniprogram-session'
import { cache } from 'miniprogram-session/cache'
import { loading } from 'miniprogram-session/ui'
import { api, told } from '../../services/api'
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
const server = routesOn(api.extend({ use: [loading(), kept] }))

/** What the page knows of its user, before it knows anything. */
const NOBODY = {
  state: 'loading',
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
    if (this.data.state !== 'ready') this.load()
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
    this.setData({ state: 'loading' })
    server.profile({ loading: false }).then(
      (profile) => this.show(profile),
      (error: unknown) => {
        if (!isOver(error)) this.setData({ state: 'error' })
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
    }
    this.upload = undefined
    this.setData({ progress: -1 })
  },

  editNickname({ detail }: WechatMiniprogram.Input) {
    this.setData({ nickname: detail.value })
  },

  saveNickname() {
    const nickname = this.data.nickname.trim()
    if (!nickname || nickname === this.data.savedNickname) return
    server.rename(nickname).then((profile) => {
      this.show(profile)
      kept.clear('/me')
      wx.showToast({ title: '已保存' })
    }, told)
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
      // It may be WeChat that has refused: that is no request, and is said here.
      wx.showToast({ title: failureOf(error).title, icon: 'none' })
    }
    this.setData({ readingSteps: false })
  },

  showPhone({ detail }: WechatMiniprogram.CustomEvent<{ code?: string }>) {
    if (!detail.code) return
    server.phoneNumber(detail.code).then(({ phoneNumber }) => {
      this.setData({ phone: phoneNumber.replace(/^(\d{3})\d{4}/, '$1****') })
    }, told)
  },

  openOrders() {
    wx.navigateTo({ url: '/pages/orders/index' })
  },
})
