// Between the new version and its commit (`version` in package.json): wherever else the version stands, it follows.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { released } from './changelog.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))

const tarball = (text) =>
  text.replace(/miniprogram-session-\d[\w.-]*\.tgz/g, `miniprogram-session-${version}.tgz`)
const example = (text) =>
  text
    .replace(/("version": ")[^"]+/, `$1${version}`)
    .replace(/("miniprogram-session": "\^)[^"]+/, `$1${version}`)

const readmes = ['.', 'example-miniprogram'].flatMap((folder) =>
  readdirSync(path.join(root, folder))
    .filter((name) => /^README.*\.md$/.test(name))
    .map((name) => path.join(folder, name)),
)

function follow(name, change) {
  const file = path.join(root, name)
  writeFileSync(file, change(readFileSync(file, 'utf8')))
}

for (const name of [...readmes, 'docs/quick-start.md', 'docs/zh/quick-start.md']) follow(name, tarball)
for (const folder of ['example-miniprogram', 'example-taro']) follow(`${folder}/package.json`, example)
follow('CHANGELOG.md', (text) => released(text, version))
