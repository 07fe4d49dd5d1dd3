import { readFileSync } from 'node:fs'
import path from 'node:path'

const ROOT = path.join(__dirname, '../../../miniprogram')
/** WCAG 2.2 asks this of small text, and of large text and signs. */
const SMALL = 4.5
const LARGE = 3

type Palette = Record<string, string>

/** The named colours of app.wxss: the first block is light, the second dark. */
function palettes(): Record<'light' | 'dark', Palette> {
  const [light = '', dark = ''] = readFileSync(path.join(ROOT, 'app.wxss'), 'utf8').split(
    'prefers-color-scheme',
  )
  const colours = (text: string): Palette => {
    const palette: Palette = {}
    for (const [, name = '', value = ''] of text.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g))
      palette[name] = value
    return palette
  }
  return { light: colours(light), dark: colours(dark) }
}

/** How bright a colour is, from 0 to 1 (WCAG: relative luminance). */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one = '', other = ''): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (lighter + 0.05) / (darker + 0.05)
}

describe.each(['light', 'dark'] as const)('in %s colours', (scheme) => {
  const palette = palettes()[scheme]
  const theme = (JSON.parse(readFileSync(path.join(ROOT, 'theme.json'), 'utf8')) as Record<string, Palette>)[
    scheme
  ]

  it.each(['ink', 'soft', 'faint', 'accent', 'red'])('%s can be read on page, card and fill', (name) => {
    for (const under of ['page', 'card', 'fill'])
      expect(contrast(palette[name], palette[under])).toBeGreaterThan(SMALL)
  })

  it.each([
    ['on-accent', 'accent', SMALL],
    ['accent', 'accent-fill', SMALL],
    ['amber', 'card', LARGE],
    ['red', 'red-fill', LARGE],
  ])('%s can be read on %s', (name, under, least) => {
    expect(contrast(palette[name], palette[under])).toBeGreaterThan(least)
  })

  it('the tab bar can be read, and has the colours of the pages', () => {
    expect(contrast(theme?.['tab'], theme?.['bar'])).toBeGreaterThan(SMALL)
    expect(theme).toMatchObject({ accent: palette['accent'], bar: palette['page'], page: palette['page'] })
  })
})

it('knows black on white from grey on white', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21)
  expect(contrast('#9aa2b1', '#ffffff')).toBeLessThan(LARGE)
})
