// `npm run example -- ../my-miniprogram`: the example as a project of its own, for WeChat DevTools; `npm run example:taro`, with
// `--taro` in front: the one with Taro.
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { copyExample, packSdk, type Example } from './copy'

interface Way {
  example: Example
  command: string
  next: string
}

const NATIVE: Way = {
  example: 'example-miniprogram',
  command: 'npm run example -- ../my-miniprogram',
  next: 'In WeChat DevTools: import that folder, then Tools → Build npm (工具 → 构建 npm).',
}
const TARO: Way = {
  example: 'example-taro',
  command: 'npm run example:taro -- ../my-taro-app',
  next: 'There: npm run build:weapp, build:alipay or build:tt. In WeChat DevTools: import that folder.',
}

function main([first, ...others]: string[]): void {
  const isTaro = first === '--taro'
  const { example, command, next } = isTaro ? TARO : NATIVE
  const [target, ...rest] = isTaro || first === undefined ? others : [first, ...others]
  if (target === undefined || target.startsWith('-') || rest.length > 0)
    throw new Error(`${command}   (a folder that does not exist yet, outside this repository)`)
  const folder = path.resolve(target)
  const root = path.join(__dirname, '../..')
  if (!path.relative(root, folder).startsWith('..') && path.parse(root).root === path.parse(folder).root) {
    throw new Error(`${folder} lies in this repository: name a folder outside of it.`)
  }
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new Error(`${folder} is not empty: name a folder that does not exist yet.`)
  }
  console.log('The SDK is built and packed. That takes about a minute…')
  const tarball = packSdk()
  console.log('The example is copied, and its packages are installed. That may take as long…')
  copyExample(folder, tarball, example)
  console.log(`The example is in ${folder}. ${next}`)
}

try {
  main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
