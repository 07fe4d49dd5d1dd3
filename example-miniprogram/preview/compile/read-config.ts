import { existsSync, readFileSync } from 'node:fs'
import type { AppConfig } from './config'
import { CompileError, locate } from './diagnostic'

/** Reads a JSON file of the mini-program; a missing one counts as empty, as it does in WeChat. */
export function readConfig(file: string): unknown {
  if (!existsSync(file)) return {}
  const source = readFileSync(file, 'utf8')
  try {
    return JSON.parse(source) as unknown
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    // V8 gives an offset ("at position 12") and, in newer versions, the line and column too.
    const offset = Number(/position (\d+)/.exec(text)?.[1] ?? 0)
    const before = source.slice(0, offset).split('\n')
    throw new CompileError([
      { text, file, line: before.length, column: (before[before.length - 1] ?? '').length + 1 },
    ])
  }
}

export function readAppConfig(file: string): AppConfig {
  const app = readConfig(file) as Partial<AppConfig>
  if (!Array.isArray(app.pages) || app.pages.length === 0) {
    throw new CompileError([
      { text: 'app.json needs "pages": a list of page paths', file, line: 1, column: 1 },
    ])
  }
  const stray = app.tabBar?.list.find((tab) => !app.pages?.includes(tab.pagePath))
  if (stray) {
    const text = `tabBar page "${stray.pagePath}" is not in "pages"`
    const place = locate(readFileSync(file, 'utf8').replace(/^[^]*?"tabBar"/, padLines), stray.pagePath)
    throw new CompileError([{ text, file, ...place }])
  }
  return { ...app, pages: app.pages }
}

/** Blanks a text but keeps its line breaks, so that places found after it stay right. */
function padLines(text: string): string {
  return text.replace(/[^\n]/g, ' ')
}
