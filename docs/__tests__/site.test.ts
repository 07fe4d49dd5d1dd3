import { readdirSync } from 'node:fs'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../../example-miniprogram/preview/__tests__/e2e/browser'
import { CHAT_WORDS } from '../live/chat/words'
import { openReader, outlineMistakes, poorContrasts, type Reader } from './reader'
import { serveSite, type Site } from './site'

jest.setTimeout(60_000)

let browser: Browser
let site: Site
let reader: Reader | undefined

beforeAll(async () => {
  ;[browser, site] = await Promise.all([launchChromium(), serveSite()])
})

afterAll(async () => {
  await browser.close()
  await site.stop()
})

// Fails at any error that nothing caught.
afterEach(async () => {
  const open = reader
  reader = undefined
  await open?.close()
  expect(site.missing).toEqual([])
})

const LANGUAGES = [
  { language: 'en', folder: '', play: 'Play it', ask: 'Ask again', app: 'Open the mini-program' },
  { language: 'zh', folder: 'zh/', play: '播放', ask: '再问一次', app: '打开小程序' },
] as const
const LOOKS = (['light', 'dark'] as const).flatMap((colorScheme) =>
  [390, 1280].map((width) => ({ colorScheme, width })),
)
const VISITS = LANGUAGES.flatMap((language) => LOOKS.map((look) => ({ ...language, ...look })))

const verdict = (page: Page, side = 0) => page.locator('.drawn figcaption span').nth(side)
const SDK = /50 of 50 answered · 9 × 401 · 1 code|50 个请求成功 50 个 · 9 个 401 · 用了 1 个 code/

describe.each(VISITS)(
  '$language, $colorScheme, $width px',
  ({ language, folder, play, ask, app, colorScheme, width }) => {
    beforeEach(async () => {
      reader = await openReader(browser, site, { colorScheme, viewport: { width, height: 900 } })
    })

    test('the timeline is there at once, follows a slider, and is played', async () => {
      const page = await open(folder)
      expect(await verdict(page).textContent()).toMatch(SDK)
      const before = await page.locator('.drawn path.again').first().getAttribute('d')
      await page.getByRole('slider').first().fill('7')
      await verdict(page)
        .getByText(/^7 (of 7|个请求成功 7)/)
        .waitFor()
      expect(await page.locator('.drawn path.again').first().getAttribute('d')).not.toBe(before)

      await page.getByRole('button', { name: play }).click()
      await verdict(page)
        .getByText(/^(0 of 7|7 个请求成功 0)/)
        .waitFor()
      await page.getByRole('button', { name: play }).waitFor()
      await verdict(page)
        .getByText(/^7 (of 7|个请求成功 7)/)
        .waitFor()
      expect(await isTooWide(page)).toBe(false)
    })

    test('the chat answers, whatever happens to it', async () => {
      const page = await open(`${folder}see-it`)
      const whole = CHAT_WORDS[language].answer.join('')
      for (const index of [0, 1]) {
        const chat = page.locator('.live', { hasText: CHAT_WORDS[language].question }).nth(index)
        const answer = chat.locator('.answer')
        expect(await answer.textContent()).toBe(whole)
        await chat.getByRole('button', { name: ask }).click()
        await chat.locator('.coming').waitFor()
        await chat.getByRole('button', { name: ask }).waitFor()
        expect(await answer.textContent()).toBe(whole)
      }
      expect(await isTooWide(page)).toBe(false)
    })

    test('the mini-program is fetched on a click, and sends its burst to the server in the page', async () => {
      const page = await open(`${folder}see-it`)
      expect(await page.locator('iframe').count()).toBe(0)
      await page.getByRole('link', { name: app }).click()
      const phone = page.frameLocator('.phone iframe')
      const front = phone.locator('.page-box:not([hidden])')
      await front.getByText('已登录').waitFor()
      expect(await phone.locator('body.dark').count()).toBe(colorScheme === 'dark' ? 1 : 0)
      await phone.getByRole('tab', { name: '并发' }).click()
      await front.locator('button').getByText('发出请求', { exact: true }).click()
      await front.getByText(/这里只用了 1 个/).waitFor()
      await front.getByText('50/50').waitFor()
    })
  },
)

const isTooWide = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)

async function open(address: string): Promise<Page> {
  if (!reader) throw new Error('nobody reads')
  const page = await reader.visit(address)
  await page.waitForFunction(() => !document.querySelector('.controls [disabled]'))
  return page
}

const PAGES = readdirSync(path.join(__dirname, '..'))
  .filter((file) => file.endsWith('.md'))
  .map((file) => file.replace(/(index)?\.md$/, ''))

describe.each([
  { folder: '', colorScheme: 'light', width: 390 },
  { folder: 'zh/', colorScheme: 'dark', width: 390 },
  { folder: 'zh/', colorScheme: 'light', width: 1280 },
  { folder: '', colorScheme: 'dark', width: 1280 },
] as const)('/$folder, $colorScheme, $width px', ({ folder, colorScheme, width }) => {
  test.each(PAGES)('%s can be read', async (name) => {
    reader = await openReader(browser, site, { colorScheme, viewport: { width, height: 900 } })
    const page = await open(folder + name)
    expect(await poorContrasts(page)).toEqual([])
    expect(await outlineMistakes(page)).toEqual([])
    expect(await isTooWide(page)).toBe(false)
  })
})

describe.each(LANGUAGES)('without a script, $language', ({ folder }) => {
  test('both pictures are there, and so is what they mean', async () => {
    reader = await openReader(browser, site, { javaScriptEnabled: false })
    const page = await reader.visit(folder)
    expect(await verdict(page).textContent()).toMatch(SDK)
    expect(await page.locator('.drawn .plot path').count()).toBeGreaterThan(8)
    expect(await page.locator('.no-script').isVisible()).toBe(true)
    await reader.visit(`${folder}guarantees`)
    expect(await page.locator('.law').count()).toBe(20)
  })
})

test('who wants no motion sees how it ends', async () => {
  reader = await openReader(browser, site, { reducedMotion: 'reduce' })
  const page = await open('')
  await page.getByRole('slider').first().fill('100')
  await verdict(page).getByText('100 of 100').waitFor()
  await page.evaluate(() => {
    const seen: string[] = []
    Object.assign(window, { seen })
    const picture = document.querySelector('.drawn')
    if (picture)
      new MutationObserver(() =>
        seen.push(picture.querySelector('figcaption span')?.textContent ?? ''),
      ).observe(picture, { childList: true })
  })
  await page.getByRole('button', { name: 'Play it' }).click()
  await page.waitForFunction(() => (window as unknown as { seen: string[] }).seen.length > 0)
  const seen = await page.evaluate(() => (window as unknown as { seen: string[] }).seen)
  expect(seen.every((text) => text.startsWith('100 of 100'))).toBe(true)
})

test('a slider redraws in less than 100 ms', async () => {
  reader = await openReader(browser, site)
  const page = await open('')
  await page.getByRole('slider').first().fill('99')
  await verdict(page).getByText('99 of 99').waitFor()
  const times = await page.evaluate(async () => {
    const [slider, picture] = [document.querySelector('input'), document.querySelector('.drawn')]
    const taken: number[] = []
    for (const value of ['100', '98', '100', '98', '100']) {
      if (!slider || !picture) break
      const begun = performance.now()
      const redrawn = new Promise((resolve) => {
        new MutationObserver(resolve).observe(picture, { childList: true })
      })
      slider.value = value
      slider.dispatchEvent(new Event('input', { bubbles: true }))
      await redrawn
      taken.push(performance.now() - begun)
    }
    return taken
  })
  // The others may have had to share the processor.
  expect(Math.min(...times)).toBeLessThan(100)
})

test.each(LANGUAGES)('a page with a timeline costs its reader little, $language', async ({ folder }) => {
  reader = await openReader(browser, site)
  site.sent = 0
  const page = await open(folder)
  await page.waitForLoadState('networkidle')
  const toRead = site.sent
  await page.getByRole('slider').first().fill('7')
  await verdict(page)
    .getByText(/^7 (of 7|个请求成功 7)/)
    .waitFor()
  expect(toRead).toBeLessThan(82_000)
  expect(site.sent).toBeLessThan(120_000)
})

test.each([
  ['zh/', '请求头', /请求头/],
  ['zh/', '共用一次', /共用一次/],
  ['', 'checkSession', /checkSession/],
])('the search of /%s finds %s in the middle of a sentence', async (folder, word, found) => {
  reader = await openReader(browser, site, { viewport: { width: 1280, height: 900 } })
  const page = await open(folder)
  await page.keyboard.press('Control+k')
  await page.locator('.VPLocalSearchBox input').fill(word)
  await page.locator('.VPLocalSearchBox .result').first().waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL(/#/)
  await page.locator('main').getByText(found).first().waitFor()
})

test('what an older visit has left does not keep the mini-program from starting', async () => {
  reader = await openReader(browser, site)
  const page = await open('see-it')
  await page.evaluate(() => {
    localStorage.setItem('miniprogram-session:wx:miniprogram-session', '{"token":')
    localStorage.setItem('miniprogram-session:wx:other', '"of another edition"')
    sessionStorage.setItem('miniprogram-session:server', 'not JSON')
  })
  await page.getByRole('link', { name: 'Open the mini-program' }).click()
  await page.frameLocator('.phone iframe').locator('.page-box:not([hidden])').getByText('已登录').waitFor()
})
