// The example with Taro (example-taro): built for each platform that it names, and every build played tap by tap.
import path from 'node:path'
import { root } from '../package/pack.mjs'
import { playExample } from './example-scenes.mjs'
import { ALIPAY, DOUYIN, isInstalledBy, OLD_ALIPAY, startBuilds, WECHAT } from './frameworks.mjs'
import { copyOf, editJson, installPackage, installTemplate, run } from './project.mjs'
import { filesOf } from './realm.mjs'

const TARGETS = {
  weapp: { phones: WECHAT },
  alipay: { phones: { ...ALIPAY, ...OLD_ALIPAY }, user: 'alipay' },
  tt: { phones: DOUYIN, user: 'douyin' },
}

export async function exampleTaro({ check, skip, folder, tarball }, install = installTemplate) {
  const title = 'example with Taro'
  const project = copyOf('example-taro', folder, root)
  // Its lockfile has what others publish.
  editJson(project, 'package.json', ({ dependencies }) => delete dependencies['miniprogram-session'])
  if (!(await isInstalledBy(install, { check, skip, title, project }))) return
  if (!(await check(`${title}: npm install, without a flag`, () => installPackage(project, tarball)))) return

  await check(`${title}: types`, () => run(project, 'npm', ['run', 'types']).then(() => ''))
  const builds = startBuilds(Object.keys(TARGETS), (target) =>
    run(project, 'npm', ['run', `build:${target}`], { NODE_ENV: 'production' }),
  )
  for (const [target, { phones, user }] of Object.entries(TARGETS)) {
    const name = `${title} for ${target}`
    if (!(await check(`${name}: builds`, () => builds[target].then(() => '')))) continue
    const files = filesOf(path.join(project, 'dist', target))
    for (const [where, phone] of Object.entries(phones))
      await playExample({ check, name: `${name}, ${where}`, project, files, phone, user })
  }
}
