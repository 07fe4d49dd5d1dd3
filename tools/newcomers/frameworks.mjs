// Taro and uni-app: a project as their templates make it takes the package, is built for each platform, and what comes out is run.
import { rmSync } from 'node:fs'
import path from 'node:path'
import { alipay, weChat } from './phones.mjs'
import {
  assertAllFound,
  copyOf,
  installPackage,
  installTemplate,
  mistakes,
  runBin,
  write,
} from './project.mjs'
import { filesOf } from './realm.mjs'
import { block, quickStartOn } from './readme.mjs'
import { playScenes, playWithoutPlatform } from './scenes.mjs'

const WECHAT = { 'in WeChat': weChat }
/** An answer of 401 comes in one of two ways. */
const ALIPAY = { 'in Alipay, 401 fails': alipay('fail'), 'in Alipay, 401 succeeds': alipay('success') }

const FRAMEWORKS = {
  taro: {
    title: 'Taro 4',
    platform: 'Taro',
    imports: "import Taro from '@tarojs/taro'\n",
    check: ['tsc', '--noEmit'],
    build: ['taro', 'build', '--no-check', '--type'],
    targets: {
      weapp: { folder: 'dist/weapp', phones: WECHAT },
      alipay: { folder: 'dist/alipay', phones: ALIPAY },
    },
  },
  'uni-app': {
    title: 'uni-app',
    platform: 'uni',
    check: ['vue-tsc', '--noEmit'],
    build: ['uni', 'build', '-p'],
    targets: {
      'mp-weixin': { folder: 'dist/build/mp-weixin', phones: WECHAT },
      'mp-alipay': { folder: 'dist/build/mp-alipay', phones: ALIPAY },
    },
  },
}

export const taro = (context) => tryFramework('taro', context)
export const uniApp = (context) => tryFramework('uni-app', context)

export async function tryFramework(
  name,
  { check, skip, folder, tarball, readme },
  install = installTemplate,
) {
  const framework = FRAMEWORKS[name]
  const { title, targets } = framework
  const project = copyOf(name, folder)
  try {
    await install(project)
  } catch (error) {
    // Without a registry the rest can still be told; CI must have it.
    const reason = `its own packages cannot be installed: ${error.message.split('\n').slice(0, 4).join(' ')}`
    if (!process.env.CI) return skip(title, reason)
    return check(title, () => Promise.reject(new Error(reason)))
  }

  const before = {}
  const isSound = await check(`${title}: its template alone builds`, async () => {
    for (const target of Object.keys(targets)) before[target] = bytes(await build(project, framework, target))
  })
  const isInstalled = await check(`${title}: npm install, without a flag`, () =>
    installPackage(project, tarball),
  )
  if (!isSound || !isInstalled) return

  write(project, 'src/api.ts', quickStartOn(readme, name, framework))
  await checkTypes({ check, title, project, framework })
  for (const target of Object.keys(targets))
    await tryTarget({
      check,
      project,
      framework,
      target,
      name: `${title} for ${target}, platform given`,
      before,
    })

  write(project, 'src/api.ts', block(readme, 'quick-start'))
  for (const target of Object.keys(targets))
    await tryTarget({ check, project, framework, target, name: `${title} for ${target}, platform omitted` })
}

async function tryTarget({ check, project, framework, target, name, before }) {
  const { folder, phones } = framework.targets[target]
  let files
  const isBuilt = await check(`${name}: builds`, async () => {
    files = await build(project, framework, target)
    return (
      before && `${bytes(files) - before[target]} bytes more than without the package, of ${bytes(files)}`
    )
  })
  if (!isBuilt) return
  const at = { check, project, files: () => filesOf(path.join(project, folder)) }
  if (!before && phones !== WECHAT) return playWithoutPlatform({ ...at, name, phone: alipay('fail') })
  for (const [where, phone] of Object.entries(phones))
    await playScenes({ ...at, name: `${name}, ${where}`, phone })
}

async function build(project, { build: [command, ...input], targets }, target) {
  const folder = path.join(project, targets[target].folder)
  rmSync(folder, { recursive: true, force: true })
  await runBin(project, command, [...input, target], { NODE_ENV: 'production' })
  return filesOf(folder)
}

const bytes = (files) => Object.values(files).reduce((sum, code) => sum + Buffer.byteLength(code), 0)

/** What the framework's own declarations have wrong is theirs. */
async function checkTypes({ check, title, project, framework: { check: command } }) {
  const problems = async () => {
    const lines = await runBin(project, command[0], command.slice(1)).then(
      () => [],
      (error) => error.lines,
    )
    return lines.filter(
      (line) => /error TS\d+/.test(line) && !/^node_modules\/(?!miniprogram-session\/)/.test(line),
    )
  }
  await check(`${title}: types`, async () => {
    const found = await problems()
    if (found.length > 0) throw new Error(found.join('\n'))
  })
  await check(`${title}: what is wrong is an error`, async () => {
    write(project, 'src/mistakes.ts', mistakes().replaceAll('@ts-expect-error', ''))
    const found = await problems()
    rmSync(path.join(project, 'src/mistakes.ts'))
    assertAllFound(found)
  })
}
