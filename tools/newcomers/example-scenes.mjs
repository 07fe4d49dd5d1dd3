// What the Taro example must do on every platform that it is built for, tap by tap.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import path from 'node:path'
import { AVATAR, LOGIN, OLD_LIST, ORDER, ORDERS, PROFILE, serveExample, TEA } from './example-backend.mjs'
import { scenesOfTaps } from './example-taps.mjs'
import { TROUBLE } from './example-trouble.mjs'
import { openScreen } from './screen.mjs'
import { once, refuse } from './scenes.mjs'

const KEY = 'miniprogram-session'

/** Each begins on a new phone; `open` starts the app there. */
const SCENES = {
  async 'first login'({ open, seen }) {
    const screen = open()
    await screen.shows(TEA)
    assert.deepEqual(seen(), { logins: 1, sent: [LOGIN, ORDERS] })
  },

  async 'a dead token is healed with one login'({ fake, open, seen }) {
    fake.storage.set(KEY, { token: 'dead' })
    const screen = open()
    await screen.shows(TEA)
    assert.deepEqual(seen(), { logins: 1, sent: [ORDERS, LOGIN, ORDERS] })
  },

  async 'a token that dies while the app runs is healed when the list is pulled down'(scene) {
    const { fake, orders, native, open, seen } = scene
    const screen = open()
    await screen.shows(TEA)
    fake.calls.reset()
    fake.server.expire()
    orders.unshift({ id: 'new', title: '油纸伞', amount: 1, createdAt: 0 })
    screen.pullDown()
    await screen.shows('油纸伞')
    await screen.until(() => native.pullDowns === 1, 'the end of the pull-down')
    assert.deepEqual(seen(), { logins: 1, sent: [ORDERS, LOGIN, ORDERS] })
  },

  async 'an order is placed once though its answer was lost'({ fake, orders, keys, answers, open, seen }) {
    once(answers, ORDER, (request) => {
      answers[ORDER](request)
      return { fail: 'reset' }
    })
    const screen = open()
    await screen.shows(TEA)
    fake.calls.reset()
    await screen.tap('下单')
    await screen.until(() => fake.ui.shown?.title === '下单成功', '下单成功')
    await screen.shows('"龙井茶"')
    // What comes next has a key of its own.
    await screen.shows('下单 桂花糕')
    assert.deepEqual(seen(), { logins: 0, sent: [ORDER, ORDER, ORDERS] })
    assert.deepEqual([orders.length, keys.size], [2, 1])
    // The list that was kept is no longer true.
    await open().shows('"龙井茶"')
  },

  async 'a page that closes gives up what it reads, and not what it writes'({ fake, orders, open }) {
    const screen = open()
    await screen.shows(TEA)
    fake.calls.reset()
    fake.server.hold('/orders')
    screen.pullDown()
    await screen.tap('下单')
    const { requests } = fake.calls
    await screen.until(() => requests.length === 2 && fake.server.held === 2, 'both on their way')
    screen.leave()
    const [read, write] = ['GET', 'POST'].map((method) => requests.find((one) => one.method === method))
    await screen.until(() => read.outcome === 'fail', 'the end of what it reads')
    fake.server.release()
    await screen.until(() => write.outcome === 'success', 'the order')
    assert.equal(orders.length, 2)
  },

  async 'two taps are one order'({ fake, orders, open, seen }) {
    const screen = open()
    await screen.shows(TEA)
    fake.calls.reset()
    fake.server.hold('/orders')
    await screen.tap('下单')
    await screen.tap('下单')
    await screen.until(() => fake.server.held > 0, 'the order on its way')
    fake.server.release()
    await screen.until(() => fake.ui.shown?.title === '下单成功', '下单成功')
    await screen.shows('共 2 单')
    assert.equal(seen().sent.filter((call) => call === ORDER).length, 1)
    assert.equal(orders.length, 2)
  },

  async 'an older list does not hide an order'({ fake, answers, open }) {
    const screen = open()
    await screen.shows(TEA)
    fake.calls.reset()
    once(answers, ORDERS, (request) => ({ ...answers[ORDERS](request), data: OLD_LIST, delay: 2_000 }))
    screen.pullDown()
    await screen.tap('下单')
    await screen.shows('"龙井茶"')
    const lists = fake.calls.requests.filter(({ method }) => method === 'GET')
    await screen.until(() => lists.every(({ outcome }) => outcome), 'the end of both lists')
    assert.deepEqual(
      lists.map(({ outcome }) => outcome),
      ['fail', 'success'],
    )
  },

  async 'the profile is a tap away'({ native, open }) {
    let opened = ''
    native.navigateTo = ({ url }) => (opened = url)
    const screen = open()
    await screen.tap('我的资料')
    await screen.until(() => opened === `/${PROFILE}`, 'the profile')
  },

  async 'session and orders survive a restart'({ fake, open, seen }) {
    await open().shows(TEA)
    fake.calls.reset()
    const screen = open()
    await screen.shows(TEA)
    assert.deepEqual(seen(), { logins: 0, sent: [] })
    screen.pullDown()
    await screen.until(() => fake.calls.requests[0]?.outcome, 'the list')
    assert.deepEqual(seen(), { logins: 0, sent: [ORDERS] })
  },

  async 'without a network the last orders are shown, and said to be old'({ fake, open }) {
    const screen = open()
    await screen.shows(TEA)
    fake.network.offline()
    screen.pullDown()
    await screen.shows('上次的订单')
    await screen.shows(TEA)
    fake.network.online()
    screen.pullDown()
    await screen.until(() => !screen.text().includes('上次的订单'), 'the tip to go')
  },

  async 'a slow answer shows that it loads'({ fake, open }) {
    fake.server.hold('/orders')
    const screen = open()
    await screen.until(() => fake.ui.shown?.title === '加载中', '加载中')
    fake.server.release()
    await screen.shows(TEA)
    await screen.until(() => !fake.ui.shown, 'the end of 加载中')
  },

  async 'a server that fails is asked about, and asked again'({ fake, answers, open }) {
    const usual = answers[ORDERS]
    answers[ORDERS] = () => ({ statusCode: 500 })
    const screen = open()
    await screen.until(() => fake.ui.modals.length === 1, 'the dialog')
    answers[ORDERS] = usual
    const [dialog] = fake.ui.modals
    assert.deepEqual([dialog.confirmText, dialog.cancelText], ['重试', '取消'])
    dialog.confirm()
    await screen.shows(TEA)
  },

  async 'an upload'({ fake, open, seen }) {
    const screen = open(PROFILE)
    await screen.shows('小明')
    await screen.tap('更换头像')
    await screen.shows(AVATAR)
    await screen.until(() => fake.ui.shown?.title === '头像已更新', '头像已更新')
    assert.deepEqual(seen(), { logins: 1, sent: [LOGIN, 'GET /me', 'POST /avatar', 'GET /me'] })
  },

  async 'a refused upload is healed with one login'({ fake, answers, open, seen }) {
    once(answers, 'POST /avatar', () => refuse(fake))
    const screen = open(PROFILE)
    await screen.tap('更换头像')
    await screen.shows(AVATAR)
    const { logins, sent } = seen()
    assert.equal(logins, 2)
    assert.deepEqual(sent.slice(-4), ['POST /avatar', LOGIN, 'POST /avatar', 'GET /me'])
  },

  async 'the button that kills the token does'({ fake, open, seen }) {
    const screen = open(PROFILE)
    await screen.shows('小明')
    await screen.tap('让 token 失效')
    await screen.until(() => fake.server.tokens.size === 0, 'the end of the token')
    await screen.until(() => fake.ui.shown?.title.startsWith('已失效'), '已失效')
    fake.calls.reset()
    await open().shows(TEA)
    assert.deepEqual(seen(), { logins: 1, sent: [ORDERS, LOGIN, ORDERS] })
  },
}

/** `phone` makes the fake that the project has installed, and its globals; `user` says by which name a login may need a tap there. */
export async function playExample({ check, name, project, files, phone, user }) {
  const scenes = { ...SCENES, ...TROUBLE, ...(user && scenesOfTaps(user)) }
  for (const [scene, play] of Object.entries(scenes))
    await check(`${name}: ${scene}`, () => playOn(project, files, phone, play))
}

async function playOn(project, files, phone, play) {
  const testing = createRequire(path.join(project, 'package.json'))('miniprogram-session/testing')
  const { fake, native, globals } = phone(testing)
  const { calls } = fake
  native.pullDowns = 0
  native.stopPullDownRefresh = ({ success } = {}) => {
    native.pullDowns++
    success?.({})
  }
  const screens = []
  const open = (start) => {
    const screen = openScreen({ files, globals: globals(), fake, ...(start && { start }) })
    screens.push(screen)
    return screen
  }
  const seen = () => ({
    logins: calls.logins,
    sent: calls.requests.map(({ method, url }) => `${method} ${/^http:\/\/[^/]+([^?]+)/.exec(url)?.[1]}`),
  })
  try {
    await play({ fake, native, open, seen, ...serveExample(fake) })
  } finally {
    for (const screen of screens) screen.close()
  }
}
