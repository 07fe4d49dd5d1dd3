import { readdirSync } from 'node:fs'
import path from 'node:path'

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
  ...['socket', 'stream', 'testing'].map((entry) => `${entry}/package.json`),
  ...['index', 'socket', 'stream'].flatMap((entry) => scripts(`miniprogram_dist/${entry}.js`)),
  ...['index', 'socket', 'stream', 'testing'].flatMap((entry) =>
    scripts(`dist/${entry}.js`, `dist/${entry}.mjs`),
  ),
  ...['index', 'socket', 'stream', 'testing', 'shared'].flatMap((name) => [
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
