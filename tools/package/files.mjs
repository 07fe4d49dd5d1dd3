import { readdirSync } from 'node:fs'
import path from 'node:path'
import { ADAPTERS, ON_PHONES, SHARED } from '../build/entries.mjs'

/** Files beside the entries, and the entries themselves. */
const PHONE_NAMES = [...Object.keys(ON_PHONES), ...Object.keys(SHARED)]
const scripts = (...paths) => paths.flatMap((file) => [file, `${file}.map`])

/** All that is published. A file that is missing here, or too many there, is a mistake in one of the two. */
const PUBLISHED = [
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'README.zh-CN.md',
  'docs/recipes.md',
  'docs/recipes.zh-CN.md',
  'package.json',
  'skills/miniprogram-session/SKILL.md',
  ...['stream', 'testing', ...ADAPTERS].map((entry) => `${entry}/package.json`),
  ...PHONE_NAMES.flatMap((entry) => scripts(`miniprogram_dist/${entry}.js`)),
  ...[...PHONE_NAMES, 'testing'].flatMap((entry) => scripts(`dist/${entry}.js`, `dist/${entry}.mjs`)),
  ...[...Object.keys(ON_PHONES), 'testing', 'shared'].flatMap((name) => [
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
