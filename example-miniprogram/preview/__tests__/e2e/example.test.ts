import type { ClientEvent } from 'miniprogram-session'
import { type Example, exampleInChromium } from './example'
import { startServer, startStack, statsOf } from './stack'

jest.setTimeout(60_000)

const chromium = exampleInChromium()
let example: Example

describe('a launch', () => {
  it('without a session logs in once and shows the user', async () => {
    const before = await statsOf(chromium.server)
    example = await chromium.loggedIn()
    await example.text('本次启动登录').waitFor()
    expect((await statsOf(chromium.server)).codes - before.codes).toBe(1)
  })

  it('again keeps the session: no code is used, and nobody waits', async () => {
    example = await chromium.loggedIn()
    const session = await example.storedSession()
    const before = await statsOf(chromium.server)
    await example.restart()
    await example.isLoggedIn()
    await example.text('来自本机存储').waitFor()
    expect((await statsOf(chromium.server)).codes).toBe(before.codes)
    expect(await example.storedSession()).toEqual(session)
    const phases = phasesOf(await example.events())
    expect(phases).not.toContain('request wait')
    expect(phases).not.toContain('request replay')
  })

  it('with a session has its data after one round trip, whatever wx.checkSession does', async () => {
    example = await chromium.loggedIn()
    await example.neverAnswer('checkSession')
    const sent = example.orders()
    await example.restart()
    await example.isLoggedIn()
    // All that went over the network before the data was on the screen.
    expect(sent).toEqual(['GET /me'])
    await example.text('正在请微信确认').waitFor()
  })

  it('after the session_key expired logs in before WeChat is trusted again', async () => {
    example = await chromium.loggedIn()
    await example.text('让 session_key 过期').click()
    await example.answer('重新启动')
    await example.text('原因：session_key 已失效').waitFor()
    await example.isLoggedIn()
  })
})

describe('on a wide screen', () => {
  it('events stand beside the phone, whatever the page hides', async () => {
    example = await chromium.loggedIn({ viewport: { width: 1280, height: 900 } })
    const events = example.page.locator('#events')
    await events.getByText('登录成功').waitFor()
    await example.text('让服务器忘记 token').click()
    await example.text('读取我的资料').click()
    await events.getByText('401，将重发').waitFor()
    const [phone, list] = [await example.page.locator('#phone').boundingBox(), await events.boundingBox()]
    expect(list?.x).toBeGreaterThan((phone?.x ?? Infinity) + (phone?.width ?? Infinity))
    await example.page.setViewportSize({ width: 520, height: 900 })
    expect(await events.isVisible()).toBe(false)
  })
})

const phasesOf = (events: ClientEvent[]) =>
  events.map((event) => ('phase' in event ? `${event.type} ${event.phase}` : event.type))

describe('a burst of 50 with a dead token', () => {
  for (const slow of [false, true]) {
    it(`ends with one login on the server's own count, answers ${slow ? 'fast and slow' : 'fast'}`, async () => {
      example = await chromium.loggedIn()
      await example.tab('并发')
      if (!slow) await example.page.getByLabel('响应快慢不一').click()
      const before = await statsOf(chromium.server)
      await example.button('发出请求').click()
      await example.text(/各自登录要用 \d+ 个 code，这里只用了 1 个/).waitFor({ timeout: 30_000 })
      const after = await statsOf(chromium.server)
      expect(after.codes - before.codes).toBe(1)
      expect(after.logins - before.logins).toBe(1)
      // Requests on the wire at the time are refused, late ones among them, and nobody else.
      const refused = after.unauthorized - before.unauthorized
      expect(refused).toBeGreaterThan(1)
      expect(refused).toBeLessThanOrEqual(10)
      await example.text('50/50').waitFor()
    })
  }

  it('has 401s that come when the login is over, and they cost nothing', async () => {
    example = await chromium.loggedIn()
    await example.tab('并发')
    await example.button('发出请求').click()
    await example.text(/这里只用了 1 个/).waitFor({ timeout: 30_000 })
    const phases = phasesOf(await example.events())
    const over = phases.lastIndexOf('login success')
    expect(phases.slice(over)).toContain('request replay')
    expect(phases.filter((phase) => phase === 'login start')).toHaveLength(2)
  })

  it('counts its own requests, and no other page’s', async () => {
    example = await chromium.loggedIn()
    await example.tab('我的')
    await example.text('我的订单').click()
    await example.page.locator('.order').first().waitFor()
    const release = await example.hold('/orders')
    await example.text('下单').click()
    await example.page.evaluate(() => wx.switchTab({ url: '/pages/burst/index' }))
    await example.button('发出请求').click()
    await example.page.locator('.bar.bar-refused').first().waitFor()
    release()
    await example.hint('下单成功').waitFor()
    await example.text('50/50').waitFor({ timeout: 30_000 })
    await example.text(/^\d+ 个 401，1 次登录$/).waitFor()
  })

  it('that goes without the SDK logs in once for each 401, and with it once', async () => {
    example = await chromium.loggedIn()
    await example.tab('并发')
    await example.page.getByLabel('请求数').fill('20')
    await example.page.getByLabel('不用 SDK').click()
    const before = await statsOf(chromium.server)
    await example.button('发出请求').click()
    await example.text('用掉 20 个 code。用 SDK 只要 1 个').waitFor({ timeout: 30_000 })
    await example.text('20 个 401，20 次登录').waitFor()
    expect(await example.page.locator('.bar-login').count()).toBe(20)
    // One to get the token that the server then forgot.
    expect((await statsOf(chromium.server)).codes - before.codes).toBe(21)
    await example.page.getByLabel('不用 SDK').click()
    await example.button('再试一次').click()
    await example.text(/这里只用了 1 个/).waitFor({ timeout: 30_000 })
    expect(await example.page.locator('.bar-login').count()).toBe(0)
  })

  it('that loses its network says how many failed, and works when it is back', async () => {
    example = await chromium.loggedIn()
    await example.tab('并发')
    await example.button('发出请求').click()
    await example.page.locator('.bar-ok').nth(5).waitFor()
    await example.page.locator('#network').click()
    await example.text(/^\d+ 个请求失败$/).waitFor({ timeout: 30_000 })
    await example.text('没有网络').waitFor()
    await example.page.locator('#network').click()
    await example.button('再试一次').click()
    await example.text('50/50').waitFor({ timeout: 30_000 })
  })
})

describe('trouble', () => {
  it('without a network is said, loses no session, and is over with a tap', async () => {
    example = await chromium.loggedIn()
    await example.page.getByLabel('模拟断网').click()
    await example.text('读取我的资料').click()
    await example.dialog('网络未连接，请打开网络后再试').waitFor()
    await example.answer('取消')
    expect(await example.storedSession()).toHaveProperty('token')
    await example.page.getByLabel('模拟断网').click()
    await example.text('读取我的资料').click()
    await example.isLoggedIn()
    const logins = (await example.events()).filter(({ type }) => type === 'login')
    expect(logins.map((event) => 'phase' in event && event.phase)).toEqual(['start', 'success'])
  })

  it('of a dead token is mended by one login, unseen', async () => {
    example = await chromium.loggedIn()
    await example.text('让服务器忘记 token').click()
    await example.hint('服务器已忘记').waitFor()
    await example.text('读取我的资料').click()
    await example.text('原因：token 被拒绝（401）').waitFor()
    await example.isLoggedIn()
  })

  it('logout while logging in wins: nothing is stored, and the next request logs in', async () => {
    example = await chromium.loggedIn()
    const release = await example.hold('/login')
    await example.text('强制重新登录').click()
    await example.text('退出登录').click()
    await example.text('未登录').waitFor()
    release()
    expect(await example.storedSession()).toBe('')
    await example.text('读取我的资料').click()
    await example.isLoggedIn()
    const told = phasesOf(await example.events())
    // The login that logout overtook stores nothing; the one after it does.
    expect(told.slice(told.indexOf('logout') + 1).filter((step) => step === 'login success')).toHaveLength(1)
  })

  it('logout leaves nothing of the user on any page', async () => {
    example = await chromium.loggedIn()
    await example.tab('我的')
    await example.page.getByLabel('昵称').fill('小麦')
    await example.text('保存').click()
    await example.hint('已保存').waitFor()
    await example.page.getByLabel('更换头像').click()
    await example.page.getByRole('dialog').getByText('晚霞').click()
    await example.hint('头像已更新').waitFor()
    await example.text('授权').last().click()
    await example.page.getByRole('dialog').getByText('允许').click()
    await example.text('138****0000').waitFor()
    await example.tab('登录态')
    await example.text('小麦').waitFor()
    await example.text('退出登录').click()
    await example.text('未登录').waitFor()
    // Of all pages, those behind this one as well.
    const pages = example.page.locator('#pages')
    expect(await pages.getByText(/小麦|138\*/).count()).toBe(0)
    expect(await pages.locator('img').count()).toBe(0)
    expect(await pages.locator('input.nickname').count()).toBe(0)
    // And the page shows whoever comes next.
    await example.tab('我的')
    await example.text('点按更换头像').waitFor()
    expect(await example.page.getByLabel('昵称').inputValue()).toBe('小麦')
  })

  it('a login that was asked for is told as such, also after the log was cleared', async () => {
    example = await chromium.loggedIn()
    await example.restart()
    await example.text('来自本机存储').waitFor()
    await example.text('强制重新登录').click()
    await example.hint('已重新登录').waitFor()
    await example.tab('日志')
    await example.text('清空').click()
    await example.tab('登录态')
    // Drawn anew, from a log that has less than the page can show.
    await example.page.waitForFunction(
      () => document.querySelectorAll('.page-box:not([hidden]) .event').length < 6,
    )
    expect(await example.text('本次启动登录').count()).toBe(1)
    expect(await example.text('原因：手动要求').count()).toBe(1)
  })

  it('leaving a page does not undo the order that was placed there', async () => {
    example = await chromium.loggedIn()
    await example.tab('我的')
    await example.text('我的订单').click()
    await example.page.locator('.order').first().waitFor()
    const release = await example.hold('/orders')
    await example.text('下单').click()
    await example.page.locator('#back').click()
    release()
    await example.hint('下单成功').waitFor()
    const placed = (await example.events()).filter(
      (event) => event.type === 'request' && event.method === 'POST' && event.url.endsWith('/orders'),
    )
    expect(placed[placed.length - 1]).toMatchObject({ phase: 'success', statusCode: 201 })
  })

  it('the cards keep their height, whatever their notes say', async () => {
    example = await chromium.open()
    const heightOf = async (selector: string) =>
      (await example.page.locator(`.page-box:not([hidden]) ${selector}`).boundingBox())?.height
    await example.isLoggedIn()
    await example.text('到期会先登录').waitFor()
    const card = await heightOf('.who')
    await example.text('让服务器忘记 token').click()
    await example.text('读取我的资料').click()
    await example.text('原因：token 被拒绝（401）').waitFor()
    expect(await heightOf('.who')).toBe(card)
    await example.text('退出登录').click()
    await example.text('访客').waitFor()
    expect(await heightOf('.who')).toBe(card)
    await example.tab('并发')
    const scope = await heightOf('.scope')
    await example.button('发出请求').click()
    await example.page.locator('.bar.bar-refused').first().waitFor()
    expect(await heightOf('.scope')).toBe(scope)
    await example.text(/这里只用了/).waitFor()
    expect(await heightOf('.scope')).toBe(scope)
  })

  it('leaving a page aborts what it asked for', async () => {
    example = await chromium.loggedIn()
    await example.tab('我的')
    const release = await example.hold('/orders')
    await example.text('我的订单').click()
    await example.page.locator('#back').click()
    release()
    const orders = (await example.events()).filter(
      (event) => event.type === 'request' && event.url.endsWith('/orders'),
    )
    expect(orders[orders.length - 1]).toMatchObject({ phase: 'fail', code: 'ABORTED' })
  })

  it('without a server is said on every page, each with a way to retry', async () => {
    let server = await startServer()
    const own = await startStack(server.url)
    const port = Number(new URL(server.url).port)
    const refused = async () => {
      await example.dialog('网络连接失败，请检查网络后再试').waitFor()
      await example.answer('取消')
    }
    const away = async (unless: () => Promise<void>) => {
      await server.stop()
      await unless()
      server = await startServer(port)
      await example.button('再试一次').click()
    }
    try {
      example = await chromium.loggedIn({}, own.url)
      await away(async () => {
        await example.tab('并发')
        await example.button('发出请求').click()
        await example.text('连不上服务器').waitFor()
      })
      await example.text('50/50').waitFor({ timeout: 30_000 })
      await away(async () => {
        await example.tab('我的')
        await refused()
        await example.text('没有加载出来').waitFor()
      })
      await example.text('点按更换头像').waitFor()
      await away(async () => {
        await example.text('我的订单').click()
        await refused()
        await example.text('没有加载出来').waitFor()
      })
      await example.page.locator('.order').first().waitFor()
      await server.stop()
      await example.scrollDown()
      await refused()
      server = await startServer(port)
      await example.text('上拉或点按，加载更多').click()
      await example.page.locator('.order').nth(19).waitFor()
    } finally {
      await own.stop()
      await server.stop()
    }
  })

  it('of a server that is away is said, and is over when it is back', async () => {
    let server = await startServer()
    const own = await startStack(server.url)
    try {
      example = await chromium.loggedIn({}, own.url)
      await server.stop()
      await example.text('读取我的资料').click()
      await example.dialog('网络连接失败，请检查网络后再试').waitFor({ timeout: 30_000 })
      server = await startServer(Number(new URL(server.url).port))
      await example.answer('重试')
      // Its memory is gone with it: the token is a dead one, which is no trouble.
      await example.text('原因：token 被拒绝（401）').waitFor({ timeout: 30_000 })
      await example.isLoggedIn()
    } finally {
      await own.stop()
      await server.stop()
    }
  })
})

describe('one hint that something loads, and one word for what fails', () => {
  beforeEach(async () => {
    example = await chromium.loggedIn()
  })

  it('a slow answer is waited for with a hint, which goes when it is there', async () => {
    const release = await example.hold('/me')
    await example.text('读取我的资料').click()
    await example.hint('加载中').waitFor()
    release()
    await example.hint('加载中').waitFor({ state: 'detached' })
  })

  it('a toast takes the place of the hint, and is not hidden with it', async () => {
    await example.tab('我的')
    await example.text('我的订单').click()
    await example.page.locator('.order').first().waitFor()
    const release = await example.hold('/orders')
    const shown = await example.record('.toast')
    await example.text('下单').click()
    await example.hint('加载中').waitFor()
    const hidden = await example.called('hideLoading')
    release()
    await example.hint('下单成功').waitFor()
    await hidden()
    expect(await example.hint('下单成功').count()).toBe(1)
    expect(await shown()).toEqual(['加载中', '下单成功'])
  })

  it('two taps are one order, and one row', async () => {
    await example.tab('我的')
    await example.text('我的订单').click()
    await example.page.locator('.order').first().waitFor()
    const release = await example.hold('/orders')
    const sent = example.orders()
    await example.text('下单').click()
    await example.text('下单').click()
    release()
    await example.hint('下单成功').waitFor()
    expect(sent.filter((order) => order === 'POST /orders')).toHaveLength(1)
    expect(await example.page.locator('.order').count()).toBe(11)
  })

  it('what fails together is asked about once, and goes again together', async () => {
    await example.page.locator('#network').click()
    // Two pages, one over the other.
    for (let time = 0; time < 2; time++)
      await example.page.evaluate(() => wx.navigateTo({ url: '/pages/orders/index' }))
    await example.dialog('网络未连接，请打开网络后再试').waitFor()
    expect(await example.page.getByRole('alertdialog').count()).toBe(1)
    await example.page.locator('#network').click()
    await example.answer('重试')
    // Ten on each.
    await example.page.locator('.order').nth(19).waitFor({ state: 'attached' })
    expect(await example.page.getByRole('alertdialog').count()).toBe(0)
    expect(await example.page.locator('.toast').count()).toBe(0)
  })

  it('nothing is said of what its page was left with', async () => {
    await example.tab('我的')
    const release = await example.hold('/orders')
    const shown = await example.record('.toast, .modal')
    await example.text('我的订单').click()
    await example.hint('加载中').waitFor({ state: 'detached' })
    await example.page.locator('#back').click()
    release()
    await example.text('我的订单').waitFor()
    expect(await shown()).toEqual([])
  })
})

describe('more troubles', () => {
  it.each([
    ['登录接口报 500', '报错一次，服务器只用了 1 个 code'],
    ['登录要等 3 秒', '5 个请求等到了同一次登录，1 个 code'],
    ['服务器繁忙（503）', /^等了 2\.\d 秒，读到了$/],
    ['状态码 200，业务码 401', '登录一次后重发成功，1 个 code'],
    ['用 refresh token 换新的', '刷新后重发成功，0 个 code'],
  ])('%s: told what came of it', async (name, outcome) => {
    example = await chromium.loggedIn()
    await example.text('更多异常').click()
    await example.text(name).click()
    await example.text(outcome).waitFor()
  })
})

describe('the profile', () => {
  beforeEach(async () => {
    example = await chromium.loggedIn()
    await example.tab('我的')
    await example.text('点按更换头像').waitFor()
  })

  it('uploads an avatar and shows how far it is', async () => {
    const shown = await example.record('.veil')
    await example.page.getByLabel('更换头像').click()
    await example.page.getByRole('dialog').getByText('晚霞').click()
    await example.hint('头像已更新').waitFor()
    const percents = (await shown()).map((text) => Number(text.replace('%', '')))
    expect(percents.length).toBeGreaterThan(3)
    expect(percents).toEqual([...percents].sort((a, b) => a - b))
    await example.restart()
    await example.isLoggedIn()
    const picture = example.page.locator('image.avatar img')
    await picture.waitFor()
    expect(
      await picture.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth)),
    ).toBe(400)
  })

  it('keeps a nickname with emoji', async () => {
    await example.page.getByLabel('昵称').fill('小麦 👩🏽‍🌾')
    await example.text('保存').click()
    await example.hint('已保存').waitFor()
    await example.tab('登录态')
    await example.text('小麦 👩🏽‍🌾').waitFor()
  })

  it('reads encrypted data, also when the session_key has just changed', async () => {
    await example.text('今天的步数').click()
    await example.text(/^\d+ 步$/).waitFor()
    await example.tab('登录态')
    await example.text('让 session_key 过期').click()
    await example.answer('取消')
    await example.tab('我的')
    await example.text('今天的步数').click()
    await example.text(/^\d+ 步$/).waitFor()
    const events = await example.events()
    expect(events.filter((event) => event.type === 'login' && event.reason === 'forced')).toHaveLength(2)
  })

  it('says that the test account has no steps', async () => {
    await example.account('touristappid')
    await example.restart()
    await example.tab('我的')
    await example.text('测试号没有步数').waitFor()
    await example.text('今天的步数').click()
    await example.hint('测试号没有步数').waitFor()
  })

  it('gets the phone number by the code of the button', async () => {
    await example.text('授权').last().click()
    await example.page.getByRole('dialog').getByText('允许').click()
    await example.text('138****0000').waitFor()
  })
})

describe('the orders', () => {
  beforeEach(async () => {
    example = await chromium.loggedIn()
    await example.tab('我的')
    await example.text('我的订单').click()
    await example.page.locator('.order').first().waitFor()
  })

  const count = () => example.page.locator('.order').count()

  it('load page by page until there are no more', async () => {
    expect(await count()).toBe(10)
    for (const all of [20, 23]) {
      await example.scrollDown()
      await example.page
        .locator('.order')
        .nth(all - 1)
        .waitFor()
    }
    await example.text('共 23 单').waitFor()
    // The button stays where it is however far the list is scrolled.
    await example.text('下单').click()
    await example.hint('下单成功').waitFor()
  })

  it('refresh when pulled, and show an order that was placed', async () => {
    await example.text('下单').click()
    await example.hint('下单成功').waitFor()
    expect(await count()).toBe(11)
    await example.page.mouse.move(200, 300)
    await example.page.mouse.down()
    await example.page.mouse.move(200, 420, { steps: 4 })
    await example.page.mouse.up()
    await example.page.waitForFunction(() => document.querySelectorAll('.order').length === 10)
  })
})
