import { readdirSync } from 'node:fs'
import path from 'node:path'
import { ON_PHONES as ENTRIES, SHARED } from '../build/entries.mjs'

const scripts = (...paths) => paths.flatMap((file) => [file, `${file}.map`])

/** What phones run, beside the core. */
export const ON_PHONES = Object.keys(ENTRIES).filter((name) => name !== 'index')
/** With what entries have in common, which is none. */
export const FILES = ['index', ...ON_PHONES, ...Object.keys(SHARED)]

/** All that is published. A file that is missing here, or too many there, is a mistake in one of the two. */
const PUBLISHED = [
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'README.zh-CN.md',
  ...['client', 'errors', 'events', 'options', 'recipes', 'requests'].flatMap((page) => [
    `docs/${page}.md`,
    `docs/zh/${page}.md`,
  ]),
  'package.json',
  'skills/miniprogram-session/SKILL.md',
  ...['testing', ...ON_PHONES].map((entry) => `${entry}/package.json`),
  ...FILES.flatMap((name) => scripts(`miniprogram_dist/${name}.js`)),
  ...['testing', ...FILES].flatMap((name) => scripts(`dist/${name}.js`, `dist/${name}.mjs`)),
  ...['index', 'testing', 'shared', ...ON_PHONES].flatMap((name) => [
    `dist/${name}.d.ts`,
    `dist/${name}.d.mts`,
  ]),
]

/** The package ships these files and no others. */
export function checkFiles(folder) {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
  return [
    ...PUBLISHED.filter((name) => !found.includes(name)).map((name) => `${name} is not in the package`),
    ...found
      .filter((name) => !PUBLISHED.includes(name))
      .map((name) => `${name} should not be in the package`),
  ]
}
