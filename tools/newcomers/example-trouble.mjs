// The Taro example when things come in the wrong order, or the app is left in the middle.
import assert from 'node:assert/strict'
import { AVATAR, OLD_LIST, ORDERS, PROFILE, TEA } from './example-backend.mjs'
import { once } from './scenes.mjs'

/** What has come is drawn by then, and so is what must not. */
async function settle(screen) {
  let turns = 0
  await screen.until(() => ++turns > 50, 'fifty turns')
}

/** Until what is under way in the background has been stopped. */
const AWAY = 6_000

/** While what is on its way is held by the server, which lets go of it meanwhile. */
async function leaveAndComeBack(fake) {
  fake.app.toBackground()
  await fake.clock.advance(AWAY)
  fake.server.release()
  fake.app.toForeground()
}

export const TROUBLE = {
  async 'the list of the launch, when it comes last, does not hide an order'({ answers, fake, open }) {
    once(answers, ORDERS, (request) => ({ ...answers[ORDERS](request), data: OLD_LIST, delay: 2_000 }))
    const screen = open()
    await screen.until(() => fake.server.requests.some(({ path }) => path === '/orders'), 'the first list')
    await screen.tap('下单')
    await screen.shows('"龙井茶"')
    const lists = fake.calls.requests.filter(({ method }) => method === 'GET')
    await screen.until(() => lists.every(({ outcome }) => outcome), 'the end of both lists')
    await settle(screen)
    assert.ok(screen.text().includes('"龙井茶"'))
  },

  async 'an upload that the background has stopped goes on in front'({ fake, open, seen }) {
    const screen = open(PROFILE)
    await screen.shows('小明')
    fake.calls.reset()
    fake.server.hold('/avatar')
    await screen.tap('更换头像')
    await screen.until(() => fake.server.held === 1, 'the upload on its way')
    await leaveAndComeBack(fake)
    await screen.shows(AVATAR)
    assert.deepEqual(seen(), { logins: 0, sent: ['POST /avatar', 'POST /avatar', 'GET /me'] })
  },

  async 'of two pictures the one that was picked last stays'({ fake, answers, open }) {
    const screen = open(PROFILE)
    await screen.shows('小明')
    once(answers, 'POST /avatar', () => ({ data: { avatar: '/avatars/first.png' }, delay: 2_000 }))
    fake.calls.reset()
    await screen.tap('更换头像')
    await screen.until(() => fake.server.requests.some(({ path }) => path === '/avatar'), 'the first upload')
    await screen.tap('更换头像')
    await screen.until(() => fake.calls.requests.every(({ outcome }) => outcome), 'the end of both')
    await settle(screen)
    assert.ok(screen.text().includes(AVATAR))
  },

  async 'a profile that was asked for before the upload does not bring the old picture back'(scene) {
    const { fake, answers, open } = scene
    once(answers, 'GET /me', () => ({ data: { nickname: '小明', avatar: '/avatars/old.png' }, delay: 2_000 }))
    const screen = open(PROFILE)
    await screen.until(
      () => fake.server.requests.some(({ path }) => path === '/me'),
      'the profile on its way',
    )
    await screen.tap('更换头像')
    await screen.shows(AVATAR)
    await screen.until(() => fake.calls.requests.every(({ outcome }) => outcome), 'the end of both')
    await settle(screen)
    assert.ok(screen.text().includes(AVATAR))
  },

  async 'after two taps the next thing on the menu is offered'({ fake, open }) {
    const screen = open()
    await screen.shows(TEA)
    fake.server.hold('/orders')
    await screen.tap('下单')
    await screen.tap('下单')
    await screen.until(() => fake.server.held > 0, 'the order on its way')
    fake.server.release()
    await screen.shows('共 2 单')
    await screen.shows('下单 桂花糕')
  },

  async 'a server that refuses the login says so, and the page can be asked again'({ fake, open }) {
    fake.server.on('POST /login', () => ({ statusCode: 403 }))
    const screen = open()
    await screen.shows('没有加载出来')
    await screen.until(() => fake.ui.shown?.title === '账号没有权限，请联系客服', 'why')
    fake.server.on('POST /login', ({ json }) => ({ data: { token: fake.server.exchange(json.code).token } }))
    await fake.clock.advance(60_000)
    await screen.tap('再试一次')
    await screen.shows(TEA)
  },

  async 'a launch without a network asks once, and the page is there with it'({ fake, open }) {
    fake.network.offline()
    const screen = open()
    await screen.until(() => fake.ui.modals.length === 1, 'the dialog')
    fake.ui.modals[0].cancel()
    await screen.shows('没有加载出来')
    assert.equal(fake.ui.modals.length, 0)
    fake.network.online()
    await screen.tap('再试一次')
    await screen.shows(TEA)
  },

  async 'a profile without a network can be asked for again'({ fake, open }) {
    fake.network.offline()
    const screen = open(PROFILE)
    await screen.until(() => fake.ui.modals.length === 1, 'the dialog')
    fake.ui.modals[0].cancel()
    fake.network.online()
    await screen.tap('再试一次')
    await screen.shows('小明')
  },

  async 'an order without a network is told of, and is one when it is tapped again'({ fake, orders, open }) {
    const screen = open()
    await screen.shows(TEA)
    fake.network.offline()
    await screen.tap('下单')
    await screen.until(() => fake.ui.modals.length > 0 || fake.ui.shown?.kind === 'toast', 'word of it')
    for (const dialog of fake.ui.modals) dialog.cancel()
    await settle(screen)
    assert.equal(orders.length, 1)
    fake.network.online()
    await screen.tap('下单 龙井茶')
    await screen.shows('共 2 单')
    assert.equal(orders.length, 2)
  },

  async 'an order that is under way when the app is left is there once'({ fake, orders, open }) {
    const screen = open()
    await screen.shows(TEA)
    fake.server.hold('/orders')
    await screen.tap('下单')
    await screen.until(() => fake.server.held === 1, 'the order on its way')
    await leaveAndComeBack(fake)
    await screen.shows('共 2 单')
    assert.equal(orders.length, 2)
  },
}
