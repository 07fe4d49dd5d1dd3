import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { closeWindow, openWindow, type Window } from '../../example-miniprogram/preview/__tests__/e2e/browser'
import type { Site } from './site'

export interface Reader extends Window {
  visit(path: string): Promise<Page>
  close(): Promise<void>
}

/** A browser at the site. What it complains of, a request that leads elsewhere, and a file that is missing are errors. */
export async function openReader(
  browser: Browser,
  site: Site,
  options: BrowserContextOptions = {},
): Promise<Reader> {
  const window = await openWindow(browser, options)
  const { page, errors } = window
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(site.url) && !/^(data|blob):/.test(url)) errors.push(`asked elsewhere: ${url}`)
  })
  return {
    ...window,
    visit: async (path) => {
      await page.goto(site.url + path)
      return page
    },
    close: () => closeWindow(window),
  }
}

/** Text that is hard to read: its contrast with what is behind it, where that is below 4.5, or 3 if it is large. */
export const poorContrasts = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
    const found = new Set<string>()
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement
      if (!element || !node.textContent?.trim() || !element.checkVisibility({ opacityProperty: true }))
        continue
      if (element.closest('[disabled]') || element.getBoundingClientRect().width < 2) continue
      const { color, fontSize, fontWeight } = getComputedStyle(element)
      const back = backgroundOf(element)
      const size = parseFloat(fontSize)
      const needed = size >= 24 || (size >= 18.66 && Number(fontWeight) >= 700) ? 3 : 4.5
      const [light = 0, dark = 0] = [luminance(over(color, back)), luminance(back)].sort((a, b) => b - a)
      const ratio = (light + 0.05) / (dark + 0.05)
      if (ratio < needed)
        found.add(`${ratio.toFixed(2)}: ${node.textContent.trim().slice(0, 30)} (${element.className})`)
    }
    return [...found]

    function backgroundOf(element: Element): number[] {
      const layers: string[] = []
      for (let at: Element | null = element; at; at = at.parentElement)
        layers.push(getComputedStyle(at).backgroundColor)
      return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255])
    }

    function over(color: string, below: number[]): number[] {
      if (!canvas) return below
      canvas.fillStyle = `rgb(${below.join(' ')})`
      canvas.fillRect(0, 0, 1, 1)
      canvas.fillStyle = color
      canvas.fillRect(0, 0, 1, 1)
      return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3)
    }

    function luminance(rgb: number[]): number {
      const [r = 0, g = 0, b = 0] = rgb.map((value) => {
        const part = value / 255
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
  })

/** Headings that skip a level, more than one title, and pictures without a text. */
export const outlineMistakes = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const main = document.querySelector('main') ?? document.body
    const levels = Array.from(main.querySelectorAll('h1,h2,h3,h4,h5,h6'), ({ tagName }) => Number(tagName[1]))
    const skipped = levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1)
    const silent = [...document.querySelectorAll('img:not([alt]), [role=img]:not([aria-label])')]
    return [
      ...(levels.filter((level) => level === 1).length === 1 ? [] : [`titles: ${levels.join()}`]),
      ...skipped.map((level) => `h${level} comes too early`),
      ...silent.map(({ outerHTML }) => `no text: ${outerHTML.slice(0, 80)}`),
    ]
  })
