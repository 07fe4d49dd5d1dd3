// `npm run example -- ../my-miniprogram`: the example as a project of its own, for WeChat DevTools.
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { copyExample, packSdk } from './copy'

const USAGE =
  'npm run example -- ../my-miniprogram   (a folder that does not exist yet, outside this repository)'

function main([target, ...rest]: string[]): void {
  if (target === undefined || target.startsWith('-') || rest.length > 0) throw new Error(USAGE)
  const folder = path.resolve(target)
  const root = path.join(__dirname, '../..')
  if (!path.relative(root, folder).startsWith('..') && path.parse(root).root === path.parse(folder).root) {
    throw new Error(`${folder} lies in this repository: name a folder outside of it.`)
  }
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new Error(`${folder} is not empty: name a folder that does not exist yet.`)
  }
  copyExample(folder, packSdk())
  console.log(
    `The example is in ${folder}. In WeChat DevTools: import that folder, then Tools → Build npm (工具 → 构建 npm).`,
  )
}

try {
  main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
