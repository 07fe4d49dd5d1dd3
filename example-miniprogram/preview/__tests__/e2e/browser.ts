import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, type Page, chromium } from 'playwright-core'

export async function launchChromium(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
  if (!existsSync(executablePath)) {
    throw new Error(
      `No Chromium at ${executablePath}: apt-get install chromium, or set CHROMIUM to another one.`,
    )
  }
  return await chromium.launch({
    executablePath,
    // Without a sandbox because containers run as root; the rest keeps the browser from calling home.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  })
}

export interface Window {
  page: Page
  /** Errors that nothing caught, rejections among them, since the last time this was emptied. */
  errors: string[]
}

export async function openWindow(browser: Browser, options: BrowserContextOptions = {}): Promise<Window> {
  const context = await browser.newContext({
    viewport: { width: 520, height: 920 },
    colorScheme: 'light',
    ...options,
  })
  const page = await context.newPage()
  // A ceiling for busy machines: every wait ends as soon as what it waits for is there.
  page.setDefaultTimeout(15_000)
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  // What the engine finds wrong with a template is a mistake as well.
  page.on('console', (message) => {
    if (message.text().startsWith('[wxml]')) errors.push(message.text())
  })
  return { page, errors }
}

/** Closes a window. An error that nothing caught while it was open fails the test. */
export async function closeWindow({ page, errors }: Window): Promise<void> {
  await page.context().close()
  if (errors.length > 0) throw new Error(`Errors that nothing caught:\n${errors.join('\n')}`)
}
