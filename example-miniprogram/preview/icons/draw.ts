// Draws the tab bar's icons: WeChat takes PNG only, at 81 by 81 px. `npx tsx example-miniprogram/preview/icons/draw.ts`
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { launchChromium } from '../__tests__/e2e/browser'

const OUT = path.join(__dirname, '../../miniprogram/images')
const COLOURS = { '': '#7b8494', '-on': '#0a9a68' }

/** On a canvas of 24 by 24. */
const ICONS = {
  session:
    '<path d="M12 2.8l7.6 2.9v5.6c0 4.6-3.1 8-7.6 9.9-4.5-1.9-7.6-5.3-7.6-9.9V5.7z"/><path d="M8.6 11.9l2.5 2.5 4.5-4.8"/>',
  burst: '<path d="M3.5 6h9M3.5 12h13M3.5 18h7"/><path d="M16 6h4.5M19.5 12h1M14 18h6.5" opacity=".45"/>',
  profile: '<circle cx="12" cy="8" r="4.2"/><path d="M4 20.6c.7-4.2 3.9-6.4 8-6.4s7.3 2.2 8 6.4"/>',
  log: '<rect x="4.2" y="3" width="15.6" height="18" rx="3"/><path d="M8.3 8.300h7.400M8.3 12.200h7.400M8.3 16.100h4"/>',
}

async function draw(): Promise<void> {
  mkdirSync(OUT, { recursive: true })
  const browser = await launchChromium()
  const page = await browser.newPage({ viewport: { width: 81, height: 81 } })
  for (const [name, shapes] of Object.entries(ICONS)) {
    for (const [suffix, colour] of Object.entries(COLOURS)) {
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="81" height="81" viewBox="0 0 24 24" fill="none"
        stroke="${colour}" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round">${shapes}</svg>`
      await page.setContent(`<style>body { margin: 0 } svg { display: block }</style>${svg}`)
      await page.screenshot({ path: path.join(OUT, `${name}${suffix}.png`), omitBackground: true })
    }
  }
  await browser.close()
}

draw().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
