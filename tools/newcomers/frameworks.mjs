// Taro and uni-app: a project as their templates make it takes the package, is built for each platform, and what comes out is run.
import { rmSync } from 'node:fs'
import path from 'node:path'
import { alipay, baidu, douyin, jd, kuaishou, qq, weChat } from './phones.mjs'
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

// Where sources differ on what a platform does, the app must be right either way.
export const WECHAT = { 'in WeChat': weChat() }
export const ALIPAY = {
  'in Alipay, 401 fails': alipay({ refusals: 'fail' }),
  'in Alipay, 401 succeeds': alipay({ refusals: 'success' }),
}
/** uni-app cannot read the storage there. */
export const OLD_ALIPAY = { 'in an old Alipay': alipay({ names: 'old', stored: 'APDataStorage' }) }
export const DOUYIN = {
  'in Douyin': douyin(),
  'in Douyin, a missing key throws': douyin({ missing: 'throws', numbers: 'errorCode' }),
}
const BAIDU = {
  'in Baidu on Android': baidu({ system: 'android' }),
  'in Baidu on iOS': baidu({ system: 'ios', storageErrors: 'thrown', checks: 'result' }),
}
const KUAISHOU = {
  'in Kuaishou, 401 fails': kuaishou({ refusals: 'fail' }),
  'in Kuaishou, 401 succeeds': kuaishou({ refusals: 'success' }),
}
const JD = { 'in JD': jd(), 'in JD, 401 without its body': jd({ tellsBody: false, beyond: 'refused' }) }
const QQ = { 'in QQ': qq() }

/** Two cores are what CI has. */
const BUILDS_AT_ONCE = 2

/** `alsoWithout`: what is built without the package, and without `platform`, as well. On the others both would say the same. */
const FRAMEWORKS = {
  taro: {
    title: 'Taro 4',
    platform: 'Taro',
    imports: "import Taro from '@tarojs/taro'\n",
    check: ['tsc', '--noEmit'],
    build: ['taro', 'build', '--no-check', '--type'],
    targets: {
      weapp: { folder: 'dist/weapp', phones: WECHAT },
      alipay: { folder: 'dist/alipay', phones: { ...ALIPAY, ...OLD_ALIPAY } },
      tt: { folder: 'dist/tt', phones: DOUYIN },
      swan: { folder: 'dist/swan', phones: BAIDU },
      jd: { folder: 'dist/jd', phones: JD },
      qq: { folder: 'dist/qq', phones: QQ },
    },
    alsoWithout: ['weapp', 'alipay'],
  },
  'uni-app': {
    title: 'uni-app',
    platform: 'uni',
    check: ['vue-tsc', '--noEmit'],
    build: ['uni', 'build', '-p'],
    targets: {
      'mp-weixin': { folder: 'dist/build/mp-weixin', phones: WECHAT },
      'mp-alipay': { folder: 'dist/build/mp-alipay', phones: ALIPAY },
      'mp-toutiao': { folder: 'dist/build/mp-toutiao', phones: DOUYIN },
      'mp-baidu': { folder: 'dist/build/mp-baidu', phones: BAIDU },
      'mp-kuaishou': { folder: 'dist/build/mp-kuaishou', phones: KUAISHOU },
      'mp-jd': { folder: 'dist/build/mp-jd', phones: JD },
      'mp-qq': { folder: 'dist/build/mp-qq', phones: QQ },
    },
    alsoWithout: ['mp-weixin', 'mp-alipay'],
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
  if (!(await isInstalledBy(install, { check, skip, title, project }))) return

  const { alsoWithout } = framework
  const before = {}
  const isSound = await check(`${title}: its template alone builds`, async () => {
    const builds = startBuilds(alsoWithout, (target) => build(project, framework, target))
    // The others shall not run on when one has failed.
    await Promise.allSettled(Object.values(builds))
    for (const target of alsoWithout) before[target] = bytes(await builds[target])
  })
  const isInstalled = await check(`${title}: npm install, without a flag`, () =>
    installPackage(project, tarball),
  )
  if (!isSound || !isInstalled) return

  write(project, 'src/api.ts', quickStartOn(readme, name, framework))
  await checkTypes({ check, title, project, framework })
  await tryTargets({
    check,
    project,
    framework,
    targets: Object.keys(targets),
    how: 'platform given',
    before,
  })

  write(project, 'src/api.ts', block(readme, 'quick-start'))
  await tryTargets({ check, project, framework, targets: alsoWithout, how: 'platform omitted' })
}

/** Whether the packages are there that are not ours. */
export async function isInstalledBy(install, { check, skip, title, project }) {
  try {
    await install(project)
    return true
  } catch (error) {
    // Without a registry the rest can still be told; CI must have it.
    const reason = `its own packages cannot be installed: ${error.message.split('\n').slice(0, 4).join(' ')}`
    if (process.env.CI) await check(title, () => Promise.reject(new Error(reason)))
    else skip(title, reason)
    return false
  }
}

async function tryTargets({ check, project, framework, targets, how, before }) {
  const builds = startBuilds(targets, (target) => build(project, framework, target))
  for (const target of targets) {
    const { folder, phones } = framework.targets[target]
    const name = `${framework.title} for ${target}, ${how}`
    const isBuilt = await check(`${name}: builds`, async () => {
      const size = bytes(await builds[target])
      const without = before?.[target]
      return without && `${size - without} bytes more than without the package, of ${size}`
    })
    if (!isBuilt) continue
    const at = { check, project, files: () => filesOf(path.join(project, folder)) }
    if (!before && phones !== WECHAT) await playWithoutPlatform({ ...at, name, phone: alipay() })
    else
      for (const [where, phone] of Object.entries(phones))
        await playScenes({ ...at, name: `${name}, ${where}`, phone, uploads: true })
  }
}

/** What `build` makes of each target, by target, as promises. */
export function startBuilds(targets, build) {
  const lanes = Array.from({ length: BUILDS_AT_ONCE }, () => Promise.resolve())
  const builds = targets.map((target, at) => {
    const lane = at % BUILDS_AT_ONCE
    const built = lanes[lane].then(() => build(target))
    lanes[lane] = built.catch(() => {})
    return [target, built]
  })
  return Object.fromEntries(builds)
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
