// The Taro example where a platform gives no login without a tap.
import assert from 'node:assert/strict'
import { LOGIN, ORDERS, PROFILE, TEA } from './example-backend.mjs'

/** Who holds the phone, as its fake names them: at the launch, at a tap that is meant, and at one that is not. */
const TAP = {
  alipay: { before: 'refuses', willing: 'agrees', unwilling: 'refuses' },
  douyin: { before: 'guest', willing: 'guest', unwilling: 'guest who refuses' },
}

export function scenesOfTaps(user) {
  const { before, willing, unwilling } = TAP[user]
  return {
    async 'a login that needs a tap gets its button'({ fake, open, seen }) {
      fake.user = before
      const screen = open()
      await screen.shows('一键登录')
      assert.deepEqual(seen().sent, [])
      fake.user = willing
      await screen.tap('一键登录')
      await screen.shows(TEA)
      assert.deepEqual(seen().sent, [LOGIN, ORDERS])
    },

    async 'who refuses keeps the button, and may tap again'({ fake, open, seen }) {
      fake.user = unwilling
      const screen = open(PROFILE)
      await screen.tap('一键登录')
      await screen.until(() => fake.ui.shown?.title === '还没有登录', '还没有登录')
      assert.deepEqual(seen().sent, [])
      fake.user = willing
      await screen.tap('一键登录')
      await screen.shows('小明')
      assert.deepEqual(seen().sent, [LOGIN, 'GET /me'])
    },
  }
}
