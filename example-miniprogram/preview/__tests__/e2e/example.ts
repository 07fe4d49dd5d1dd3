import type { ClientEvent } from 'miniprogram-session'
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { closeWindow, launchChromium, openWindow } from './browser'
import { type Stack, startStack } from './stack'

/** A browser and a server for all tests of a file. What a test has opened is closed after it, and fails it at any error that nothing caught. */
export function exampleInChromium() {
  const opened: Example[] = []
  let browser: Browser
  let stack: Stack

  beforeAll(async () => {
    ;[browser, stack] = await Promise.all([launchChromium(), startStack()])
  })
  afterAll(async () => {
    await browser.close()
    await stack.stop()
  })
  afterEach(async () => {
    for (const example of opened.splice(0)) await example.close()
  })

  return {
    get server(): string {
      return stack.server
    },

    /** Somebody new, on a phone of their own. `url`: of another server's. */
    async open(options?: BrowserContextOptions, url = stack.url): Promise<Example> {
      const example = await Example.open(browser, url, options)
      opened.push(example)
      return example
    },

    /** The same, logged in. */
    async loggedIn(options?: BrowserContextOptions, url?: string): Promise<Example> {
      const example = await this.open(options, url)
      await example.isLoggedIn()
      return example
    },
  }
}

/** The example as its user has it in hand. */
export class Example {
  private constructor(
    readonly page: Page,
    /** Errors that nothing caught. */
    readonly errors: string[],
    private readonly url: string,
  ) {}

  static async open(browser: Browser, url: string, options?: BrowserContextOptions): Promise<Example> {
    const { page, errors } = await openWindow(browser, options)
    const example = new Example(page, errors, url)
    await page.goto(url)
    return example
  }

  /** Fails if the page had an error that nothing caught. */
  async close(): Promise<void> {
    await closeWindow(this)
  }

  /** A new launch of the mini-program on the same phone. */
  async restart(): Promise<void> {
    await this.page.goto('about:blank')
    await this.page.goto(this.url)
  }

  async tab(name: '登录态' | '并发' | '我的' | '日志'): Promise<void> {
    await this.page.getByRole('tab', { name }).click()
  }

  /** The text on the page in front. */
  text(text: string | RegExp): Locator {
    return this.page.locator('.page-box:not([hidden])').getByText(text)
  }

  /** A button on the page in front. */
  button(name: string): Locator {
    return this.page.locator('.page-box:not([hidden]) button').getByText(name, { exact: true })
  }

  async isLoggedIn(): Promise<void> {
    await this.text('已登录').waitFor()
  }

  /** The toast, or the hint that something loads. */
  hint(text: string | RegExp): Locator {
    return this.page.getByRole('status').getByText(text)
  }

  /** The dialog in front, by what it says. */
  dialog(text: string | RegExp): Locator {
    return this.page.getByRole('alertdialog').getByText(text)
  }

  /** Taps a button of it. */
  async answer(button: string): Promise<void> {
    await this.page.getByRole('alertdialog').getByText(button, { exact: true }).click()
  }

  /** Everything the client told so far, by way of the log page's copy button. */
  async events(): Promise<ClientEvent[]> {
    await this.tab('日志')
    await this.text('复制').click()
    await this.page.getByRole('status').getByText('已复制').waitFor()
    const lines = await this.page.locator('#phone').getAttribute('data-clipboard')
    return (lines ?? '').split('\n').map((line) => JSON.parse(line) as ClientEvent)
  }

  /** Keeps requests to `path` from being answered; the function it gives lets them go on. */
  async hold(path: string): Promise<() => void> {
    let release = () => {}
    const released = new Promise<void>((resolve) => (release = resolve))
    await this.page.route(/__preview\/net/, async (route) => {
      const order = decodeURIComponent(route.request().headers()['x-order'] ?? '')
      if (order.includes(path)) await released
      await route.continue()
    })
    return () => release()
  }

  /** Watches for a call of `wx[name]`; the function it gives waits until there has been one. */
  async called(name: 'hideLoading'): Promise<() => Promise<unknown>> {
    await this.page.evaluate((watched) => {
      const { [watched]: real } = wx
      const called = new Promise<void>((resolve) => {
        wx[watched] = (options) => {
          resolve()
          return real(options)
        }
      })
      Object.assign(globalThis, { calledForTest: called })
    }, name)
    return () => this.page.evaluate(() => (globalThis as unknown as { calledForTest: unknown }).calledForTest)
  }

  /** From the next launch on, `wx[name]` is called but never calls back. */
  async neverAnswer(name: 'checkSession'): Promise<void> {
    await this.page.addInitScript((muted) => {
      let phone: object | undefined
      Object.defineProperty(globalThis, 'wx', {
        get: () => phone,
        set: (wx: object) => (phone = { ...wx, [muted]: () => undefined }),
      })
    }, name)
  }

  /** From the next launch on, the mini-program has another appid. */
  async account(appId: string): Promise<void> {
    await this.page.addInitScript((id) => {
      let phone: object | undefined
      const getAccountInfoSync = () => ({ miniProgram: { appId: id, envVersion: 'develop', version: '' } })
      Object.defineProperty(globalThis, 'wx', {
        get: () => phone,
        set: (wx: object) => (phone = { ...wx, getAccountInfoSync }),
      })
    }, appId)
  }

  /** The requests that go to the network from now on, as `GET /me`; the list grows. */
  orders(): string[] {
    const sent: string[] = []
    this.page.on('request', (request) => {
      const order = request.headers()['x-order']
      if (order === undefined) return
      const { method, url } = JSON.parse(decodeURIComponent(order)) as { method: string; url: string }
      sent.push(`${method} ${new URL(url).pathname}`)
    })
    return sent
  }

  async scrollDown(): Promise<void> {
    await this.page.locator('.page-box:not([hidden])').evaluate((box) => box.scrollTo(0, box.scrollHeight))
  }

  /** Keeps what `selector` shows from now on; the function it gives tells all of it, in order. */
  async record(selector: string): Promise<() => Promise<string[]>> {
    await this.page.evaluate((wanted) => {
      const seen: string[] = []
      const look = () => {
        const text = document.querySelector(wanted)?.textContent
        if (text && text !== seen[seen.length - 1]) seen.push(text)
      }
      new MutationObserver(look).observe(document.body, {
        childList: true,
        subtree: true,
        characterData: true,
      })
      Object.assign(globalThis, { seenByTest: seen })
    }, selector)
    return () => this.page.evaluate(() => (globalThis as unknown as { seenByTest: string[] }).seenByTest)
  }

  /** The session as it lies in the phone's storage. */
  async storedSession(): Promise<unknown> {
    return await this.page.evaluate(() => wx.getStorageSync<unknown>('miniprogram-session'))
  }
}
