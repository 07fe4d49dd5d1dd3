import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { type Preview, startPreview } from '../../server/preview-server'
import { type Window, closeWindow, launchChromium, openWindow } from './browser'

jest.setTimeout(60_000)

const ITEMS = [
  { id: 1, name: 'apple' },
  { id: 2, name: 'pear' },
]

describe('the preview of a small mini-program', () => {
  let root: string
  let preview: Preview
  let server: http.Server
  let browser: Browser
  let window: Window
  let page: Page

  beforeAll(async () => {
    root = mkdtempSync(path.join(tmpdir(), 'preview-'))
    // A copy, because the tests edit it; its tsconfig would look for the repository around it.
    const filter = (file: string) => !file.endsWith('tsconfig.json')
    cpSync(path.join(__dirname, '../fixtures/tiny'), root, { recursive: true, filter })
    preview = await startPreview({ root, watch: true })
    server = http
      .createServer((_request, response) => response.end(JSON.stringify(ITEMS)))
      .listen(0, '127.0.0.1')
    browser = await launchChromium()
  })

  afterAll(async () => {
    await browser.close()
    await preview.close()
    server.closeAllConnections()
    server.close()
    rmSync(root, { recursive: true })
  })

  beforeEach(async () => {
    window = await openWindow(browser)
    page = window.page
    await page.goto(preview.url)
    await page.locator('.title').first().waitFor()
  })

  afterEach(() => closeWindow(window))

  const log = () => page.evaluate(() => getApp<{ log: string[] }>().log)
  const edit = (file: string, from: string, to: string) => {
    const at = path.join(root, file)
    writeFileSync(at, readFileSync(at, 'utf8').replace(from, to))
  }

  it('renders bindings, WXS and components', async () => {
    expect(await page.locator('.title').first().textContent()).toBe('Hello you ¥12.50')
    expect(await page.locator('card').textContent()).toBe('youinsidepick')
    expect(await page.locator('#title').textContent()).toBe('Home')
  })

  it('measures rpx by the phone, in style sheets and in style attributes', async () => {
    const style = (selector: string, property: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((node, name) => getComputedStyle(node).getPropertyValue(name), property)
    expect(await style('.title', 'padding')).toBe('10px 12px')
    expect(await style('.bar', 'width')).toBe('50px')
    expect(await style('page', 'font-size')).toBe('14px')
  })

  it('measures vh by what the bars leave of the phone, also when the window changes', async () => {
    const isThreeHalves = () =>
      page.waitForFunction(() => {
        const [tall, pages] = ['.tall', '#pages'].map(
          (one) => document.querySelector<HTMLElement>(one)?.offsetHeight,
        )
        return tall !== undefined && pages !== undefined && Math.abs(tall - pages * 1.5) <= 1
      })
    await isThreeHalves()
    const size = page.viewportSize()
    await page.setViewportSize({ width: 520, height: 700 })
    await isThreeHalves()
    if (size) await page.setViewportSize(size)
  })

  it('keeps the styles of a component and of the page apart', async () => {
    const colour = (selector: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((node) => getComputedStyle(node).color)
    expect(await colour('.title')).toBe('rgb(10, 20, 30)')
    expect(await colour('card view')).toBe('rgb(200, 0, 0)')
  })

  it('runs the hooks of app, page and component in WeChat order', async () => {
    await page.waitForFunction(() => getApp<{ log: string[] }>().log.includes('home onReady'))
    expect(await log()).toEqual([
      'app onLaunch',
      'app onShow',
      'card attached',
      'home onLoad',
      'card page show',
      'home onShow',
      'home onReady',
    ])
  })

  it('sends requests, and shows what comes back', async () => {
    const { port } = server.address() as AddressInfo
    await page.evaluate((url) => wx.setStorageSync('server', url), `http://127.0.0.1:${port}`)
    await page.locator('.load').click()
    await expectText(page.locator('.item').first(), 'APPLE')
    expect(await page.locator('.item').count()).toBe(2)
  })

  it('says which way a request failed', async () => {
    await page.evaluate(() => wx.setStorageSync('server', 'http://127.0.0.1:9'))
    await page.locator('.load').click()
    await page.getByRole('status').getByText('ERR_CONNECTION_REFUSED').waitFor()
  })

  it('takes input, keyboard presses and events of components', async () => {
    await page.locator('input.name').fill('kiwi')
    await expectText(page.locator('.title').first(), 'Hello kiwi ¥12.50')
    await page.locator('card .pick, card button').first().press('Enter')
    await page.getByText('picked kiwi').waitFor()
  })

  it('walks the page stack, with a query that is not decoded', async () => {
    const { port } = server.address() as AddressInfo
    await page.evaluate((url) => wx.setStorageSync('server', url), `http://127.0.0.1:${port}`)
    await page.locator('.load').click()
    await page.locator('.item').nth(1).click()
    await page.getByText(`2 ${encodeURIComponent('苹果 & pear')} 苹果 & pear`).waitFor()
    expect(await page.locator('#tabs').isVisible()).toBe(false)
    await page.locator('#back').click()
    await page.locator('.item').first().waitFor()
    expect((await log()).slice(-5)).toEqual([
      'home onHide',
      'detail onLoad 2',
      'detail onUnload',
      'card page show',
      'home onShow',
    ])
  })

  it('keeps tab pages alive', async () => {
    const tab = (name: string) => page.getByRole('tab', { name }).click()
    await tab('Mine')
    await page.getByText('visits 1').waitFor()
    await tab('Home')
    await tab('Mine')
    await page.getByText('visits 2').waitFor()
  })

  it('refreshes when pulled, and tells when the bottom is near', async () => {
    await page.mouse.move(200, 300)
    await page.mouse.down()
    await page.mouse.move(200, 420, { steps: 4 })
    await page.mouse.up()
    await page.waitForFunction(() => getApp<{ log: string[] }>().log.includes('home onPullDownRefresh'))
    await page.locator('.page-box').evaluate((box) => box.scrollTo(0, box.scrollHeight))
    await page.waitForFunction(() => getApp<{ log: string[] }>().log.includes('home onReachBottom'))
  })

  it('has one place for toast and loading, and a dialog that is answered, as WeChat', async () => {
    const told = await page.evaluate(async () => {
      const seen = (): string => document.querySelector('.toast')?.textContent ?? ''
      const said: unknown[] = []
      const call = async (promise: Promise<{ errMsg: string }>): Promise<void> => {
        const { errMsg } = (await promise.catch((failure: unknown) => failure)) as { errMsg: string }
        said.push(errMsg, seen())
      }
      await call(wx.hideLoading())
      await call(wx.showLoading({ title: 'loading' }))
      await call(wx.showToast({ title: 'toast' }))
      await call(wx.hideLoading({ noConflict: true }))
      await call(wx.hideLoading())
      await call(wx.showLoading({ title: 'again' }))
      await call(wx.hideToast())
      await call(wx.showModal({ content: 'x', confirmText: 'too long' }))
      return said
    })
    expect(told).toEqual([
      ...["hideLoading:fail toast can't be found", '', 'showLoading:ok', 'loading', 'showToast:ok', 'toast'],
      ...["hideLoading:fail toast can't be found", 'toast', 'hideLoading:ok', ''],
      ...['showLoading:ok', 'again', 'hideToast:ok', ''],
      ...['showModal:fail confirmText length should not larger than 4 Chinese characters', ''],
    ])
    const answer = page.evaluate(() => wx.showModal({ content: 'Again?', confirmText: 'Yes' }))
    await page.getByRole('alertdialog', { name: 'Again?' }).getByText('Yes').click()
    expect(await answer).toMatchObject({ confirm: true, cancel: false })
    expect(await page.locator('.modal-title').count()).toBe(0)
  })

  it('turns dark with the button in the frame', async () => {
    await page.locator('#theme').click()
    expect(await page.locator('page').evaluate((node) => getComputedStyle(node).backgroundColor)).toBe(
      'rgb(0, 0, 0)',
    )
    expect(await page.locator('#navigation').evaluate((node) => node.style.background)).toBe(
      'rgb(17, 17, 17)',
    )
  })

  it('shows an error of a handler with file and line', async () => {
    await page.locator('.boom').click()
    await page.locator('#overlay').getByText('boom in a handler').waitFor()
    const line =
      readFileSync(path.join(root, 'pages/home/index.ts'), 'utf8')
        .split('\n')
        .findIndex((text) => text.includes('boom in')) + 1
    await page.locator('#overlay code').getByText(`pages/home/index.ts:${line}:`).waitFor()
    expect(window.errors.splice(0)).toEqual(['boom in a handler'])
  })

  it('has its errors found by the tests, which then fail', async () => {
    await page.locator('.boom').click()
    await page.locator('#overlay').getByText('boom in a handler').waitFor()
    await page.getByLabel('关闭').click()
    await page.locator('.reject').click()
    await page.locator('#overlay').getByText('nobody handles this').waitFor()
    await expect(closeWindow(window)).rejects.toThrow(
      'Errors that nothing caught:\nboom in a handler\nnobody handles this',
    )
    window = await openWindow(browser)
  })

  it('warns of a handler that no method answers, and of a tag that nobody draws, each with its place', async () => {
    edit('pages/mine/index.wxml', '<view', '<canvas bindtap="drwa" /><view')
    await page.setViewportSize({ width: 1200, height: 900 })
    const warned = page.locator('#warnings li')
    await warned.getByText('pages/mine/index.wxml:1:18: pages/mine/index has no method "drwa"').waitFor()
    await warned.getByText('pages/mine/index.wxml:1:1: <canvas> is neither').waitFor()
    expect(window.errors.splice(0)).toHaveLength(2)
    edit('pages/mine/index.wxml', '<canvas bindtap="drwa" /><view', '<view')
    await page.locator('#warned').waitFor({ state: 'hidden' })
  })

  it('shows an edit when it is saved', async () => {
    edit('pages/home/index.wxml', 'Hello', 'Goodbye')
    await page.getByText('Goodbye you').waitFor()
    edit('pages/home/index.wxml', 'Goodbye', 'Hello')
    await page.getByText('Hello you').waitFor()
  })

  it('shows a WXML mistake with its line, and recovers when it is mended', async () => {
    edit('pages/home/index.wxml', '{{name}} {{price', '{{name} {{price')
    await page
      .locator('#overlay code')
      .getByText(/pages\/home\/index\.wxml:3:\d+/)
      .waitFor()
    edit('pages/home/index.wxml', '{{name} {{price', '{{name}} {{price')
    await page.locator('#overlay').waitFor({ state: 'detached' })
    await page.locator('.title').first().waitFor()
  })
})

describe('a preview that lasts', () => {
  const root = path.join(__dirname, '../fixtures/tiny')
  let browser: Browser
  let preview: Preview
  let window: Window

  beforeAll(async () => {
    ;[browser, preview] = await Promise.all([launchChromium(), startPreview({ root })])
  })
  afterAll(async () => {
    await browser.close()
    await preview.close()
  })
  beforeEach(async () => {
    window = await openWindow(browser)
  })
  afterEach(() => closeWindow(window))

  /** Runs only when the answer to a request has come back to the page. */
  const answers = (page: Page) =>
    page.evaluate(
      (url) =>
        new Promise<string>((resolve) =>
          wx.request({
            url,
            success: ({ statusCode }) => resolve(String(statusCode)),
            fail: ({ errMsg }) => resolve(errMsg),
          }),
        ),
      preview.url,
    )

  it('has pages that go on when it was started anew', async () => {
    const { page } = window
    await page.goto(preview.url)
    await page.locator('.title').first().waitFor()
    await page.evaluate(() => (document.title = 'of the first start'))
    await preview.close()
    preview = await startPreview({ root, port: Number(new URL(preview.url).port) })
    await page.waitForFunction(() => document.title !== 'of the first start')
    await page.locator('.title').first().waitFor()
    expect(await answers(page)).toBe('200')
  })

  it('fails requests while it is away, instead of leaving them open', async () => {
    const { page } = window
    await page.goto(preview.url)
    await page.locator('.title').first().waitFor()
    await preview.close()
    expect(await answers(page)).toMatch(/^request:fail /)
    preview = await startPreview({ root, port: Number(new URL(preview.url).port) })
  })

  it('serves more tabs than a browser opens connections', async () => {
    const context = window.page.context()
    const tabs = [window.page]
    while (tabs.length < 8) tabs.push(await context.newPage())
    for (const tab of tabs) {
      await tab.goto(preview.url)
      await tab.locator('.title').first().waitFor()
    }
    for (const tab of tabs) expect(await answers(tab)).toBe('200')
  })
})

async function expectText(locator: ReturnType<Page['locator']>, text: string): Promise<void> {
  await locator
    .getByText(text, { exact: true })
    .or(locator.filter({ hasText: text }))
    .first()
    .waitFor()
  expect(await locator.textContent()).toBe(text)
}
