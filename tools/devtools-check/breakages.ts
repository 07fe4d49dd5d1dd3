import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { CheckName } from './checks'

/** One deliberate mistake in a copy of the example, and the check that must find it. */
export interface Breakage {
  name: string
  check: CheckName
  expected: RegExp
  apply: (project: string) => void
}

const edit = (file: string, change: (source: string) => string) => (project: string) => {
  const at = path.join(project, file)
  const before = readFileSync(at, 'utf8')
  const after = change(before)
  if (after === before) throw new Error(`the breakage changes nothing in ${file}`)
  writeFileSync(at, after)
}

export const BREAKAGES: Breakage[] = [
  {
    name: 'the package is not installed',
    check: 'pack npm',
    expected: /miniprogram-session\/index\.js was not produced/,
    apply: (project) => rmSync(path.join(project, 'node_modules'), { recursive: true }),
  },
  {
    name: 'a project without packNpmManually',
    check: 'pack npm',
    expected: /no packages in miniprogram\/\. Put this under "setting" .*"packNpmManually":true/,
    apply: edit('project.config.json', (source) =>
      source.replace('"packNpmManually": true', '"packNpmManually": false'),
    ),
  },
  {
    name: 'a WXML tag is left open',
    check: 'wxml',
    expected: /profile\/index\.wxml/,
    apply: edit('miniprogram/pages/profile/index.wxml', (source) => source.replace(/<\/view>\s*$/, '')),
  },
  {
    name: 'TypeScript that is none',
    check: 'compile',
    expected: /orders\/index\.ts/,
    apply: edit('miniprogram/pages/orders/index.ts', (source) => source.replace('Page({', 'Page({{')),
  },
  {
    name: 'a page in app.json without files',
    check: 'compile',
    expected: /pages\/none/,
    apply: edit('miniprogram/app.json', (source) =>
      source.replace('"pages/log/index",', '"pages/log/index", "pages/none/index",'),
    ),
  },
  {
    name: 'syntax that no transpiler removes, in the package',
    check: 'syntax',
    expected: /miniprogram_npm\/miniprogram-session\/index\.js/,
    apply: edit(
      'node_modules/miniprogram-session/miniprogram_dist/index.js',
      (source) => `${source}\nexports.big = 1n\n`,
    ),
  },
  {
    name: 'an import that leads nowhere',
    check: 'imports',
    expected: /none/,
    apply: edit('miniprogram/pages/log/index.ts', (source) => `import '../../utils/none'\n${source}`),
  },
  {
    name: 'an entry of the package that was not packed',
    check: 'imports',
    expected: /miniprogram-session\/stream/,
    apply: (project) => {
      rmSync(path.join(project, 'node_modules/miniprogram-session/miniprogram_dist/stream.js'))
    },
  },
  {
    name: 'a stream that wants what only browsers have',
    check: 'run',
    expected: /chat.*"state":"broken"/,
    apply: edit('miniprogram/pages/chat/answers.ts', (source) =>
      source.replace('JSON.parse(data)', "JSON.parse(new TextDecoder('utf-8') ? data : '')"),
    ),
  },
  {
    name: 'a global that phones lack',
    check: 'run',
    expected: /URLSearchParams is not defined/,
    apply: edit('miniprogram/services/api.ts', (source) => `${source}\nnew URLSearchParams('a=1')\n`),
  },
  {
    name: 'a start page that never shows its data',
    check: 'run',
    expected: /does not get ready/,
    apply: edit('miniprogram/pages/session/index.ts', (source) =>
      source.replace("state: 'ready'", "state: 'loading'"),
    ),
  },
]
