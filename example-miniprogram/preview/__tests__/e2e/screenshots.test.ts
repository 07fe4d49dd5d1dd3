import { mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { launchChromium } from './browser'
import { Example } from './example'
import { type Stack, startStack } from './stack'

jest.setTimeout(60_000)

/** px around the phone: its frame, and a little air. */
const MARGIN = 22
const FOLDER = path.join(__dirname, '../../dist/screenshots')

describe.each(['light', 'dark'] as const)('screenshots of every page and state, %s', (colorScheme) => {
  let browser: Browser
  let stack: Stack
  let example: Example

  beforeAll(async () => {
    mkdirSync(FOLDER, { recursive: true })
    ;[browser, stack] = await Promise.all([launchChromium(), startStack()])
    example = await Example.open(browser, 'about:blank', { colorScheme, deviceScaleFactor: 1.5 })
  })

  afterAll(async () => {
    await browser.close()
    await stack.stop()
  })

  const picture = async (name: string) => {
    const phone = await example.page.locator('#phone').boundingBox()
    if (!phone) throw new Error('there is no phone to picture')
    const clip = {
      x: phone.x - MARGIN,
      y: phone.y - MARGIN,
      width: phone.width + 2 * MARGIN,
      height: phone.height + 2 * MARGIN,
    }
    // The buttons under the phone would look in at the edge.
    const style = '#tools { visibility: hidden }'
    await example.page.screenshot({ path: path.join(FOLDER, `${name}-${colorScheme}.png`), clip, style })
    expect(example.errors).toEqual([])
  }

  it('session, loading and loaded', async () => {
    const release = await example.hold('/me')
    await example.page.goto(stack.url)
    await example.page.locator('skeleton').first().waitFor()
    await example.text('29 天 23 小时').waitFor()
    await picture('session-loading')
    release()
    await example.isLoggedIn()
    await picture('session')
  })

  it('session without a network', async () => {
    await example.page.getByLabel('模拟断网').click()
    await example.button('读取我的资料').click()
    await example.dialog('网络未连接，请打开网络后再试').waitFor()
    await picture('session-offline')
    await example.answer('取消')
    await example.page.getByLabel('模拟断网').click()
  })

  it('a page that could not be loaded', async () => {
    await example.page.locator('#network').click()
    await example.page.evaluate(() => wx.navigateTo({ url: '/pages/orders/index' }))
    await example.dialog('网络未连接，请打开网络后再试').waitFor()
    await example.answer('取消')
    await example.text('没有加载出来').waitFor()
    await picture('orders-failed')
    await example.page.locator('#network').click()
    await example.page.locator('#back').click()
  })

  it('burst: before, while, after', async () => {
    await example.tab('并发')
    await picture('burst-idle')
    await example.button('发出请求').click()
    await example.page.locator('.bar-refused').nth(3).waitFor()
    await picture('burst-running')
    await example.text('50/50').waitFor()
    await example.text(/这里只用了 1 个/).waitFor()
    await picture('burst')
  })

  it('burst of few, and one that loses its network', async () => {
    await example.page.getByLabel('请求数').fill('8')
    await example.button('发出请求').click()
    await example.text('8/8').waitFor()
    await example.text(/这里只用了 1 个/).waitFor()
    await picture('burst-few')
    await example.page.getByLabel('请求数').fill('24')
    await example.button('发出请求').click()
    await example.page.locator('.bar-ok').nth(3).waitFor()
    await example.page.locator('#network').click()
    await example.text(/^\d+ 个请求失败$/).waitFor()
    await picture('burst-failed')
    await example.page.locator('#network').click()
  })

  it('burst without the SDK', async () => {
    await example.page.getByLabel('请求数').fill('50')
    await example.page.getByLabel('不用 SDK').click()
    await example.button('再试一次').click()
    await example.text('用掉 50 个 code。用 SDK 只要 1 个').waitFor()
    await picture('burst-without-sdk')
    await example.page.getByLabel('不用 SDK').click()
  })

  it('more troubles', async () => {
    await example.tab('登录态')
    await example.text('更多异常').click()
    await example.text('用 refresh token 换新的').click()
    await example.text('刷新后重发成功，0 个 code').waitFor()
    await picture('trouble')
    await example.page.locator('#back').click()
  })

  it('chat: before, while an answer comes, when it was cut, and whole', async () => {
    await example.text('对话').click()
    await example.text('断线了怎么接着说？').waitFor()
    await picture('chat-empty')
    await example.text('断线了怎么接着说？').click()
    await example.text('每个词都有编号').waitFor()
    await picture('chat-answering')
    await example.button('发送').waitFor()
    await example.text('下次回答中途断线').click()
    await example.page.getByLabel('问题').fill('再说一遍')
    await picture('chat-cut-next')
    await example.button('发送').click()
    await example.text('回答中断了').waitFor()
    await picture('chat')
    await example.page.locator('#back').click()
  })

  it('live: what was said, and a line that is gone', async () => {
    await example.text('实时').click()
    await example.text('第 1 次连接').waitFor()
    await picture('live-empty')
    await example.page.getByLabel('要说的话').fill('茶到了吗')
    await example.button('发送').click()
    await example.text('已送达').waitFor()
    await example.page.locator('#network').click()
    await example.text('连接断开，稍后自动重连').waitFor()
    await example.page.getByLabel('要说的话').fill('我在楼下等')
    await example.button('发送').click()
    await picture('live-waiting')
    await example.page.locator('#network').click()
    await example.text('第 2 次连接').waitFor()
    await example.text('已送达').nth(1).waitFor()
    await picture('live')
    await example.page.locator('#back').click()
  })

  it('profile, while a picture is uploaded and after', async () => {
    const release = await example.hold('/me')
    await example.tab('我的')
    await example.page.locator('skeleton').waitFor()
    await picture('profile-loading')
    release()
    await example.page.getByLabel('更换头像').click()
    await example.page.getByRole('dialog').getByText('湖光').waitFor()
    await picture('profile-choose')
    const send = await example.hold('/avatar')
    await example.page.getByRole('dialog').getByText('湖光').click()
    await example.text('0%').waitFor()
    await picture('profile-uploading')
    send()
    await example.page.getByRole('status').getByText('头像已更新').waitFor()
    await example.page.getByRole('status').waitFor({ state: 'detached' })
    await example.text('今天的步数').click()
    await example.text(/^\d+ 步$/).waitFor()
    await picture('profile')
  })

  it('orders, loading and loaded', async () => {
    const release = await example.hold('/orders')
    await example.text('我的订单').click()
    await example.page.locator('skeleton').waitFor()
    await picture('orders-loading')
    release()
    await example.page.locator('.order').first().waitFor()
    await picture('orders')
    const answer = await example.hold('/orders')
    await example.text('下单').click()
    await example.hint('加载中').waitFor()
    await picture('orders-placing')
    answer()
    await example.hint('下单成功').waitFor()
    await example.page.locator('#back').click()
  })

  it('log', async () => {
    await example.tab('日志')
    await example.text(/条事件/).waitFor()
    await picture('log')
    await example.text('退出').first().click()
    await example.text('没有这一类事件').waitFor()
    await picture('log-empty')
  })
})
