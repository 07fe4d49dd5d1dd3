// The example with Taro (example-taro): built for each platform that it names, and every build played tap by tap.
import path from 'node:path'
import { root } from '../package/pack.mjs'
import { buildInDevTools } from './devtools.mjs'
import { playExample } from './example-scenes.mjs'
import { playOnServer, withExampleServer } from './example-server.mjs'
import { ALIPAY, DOUYIN, isInstalledBy, OLD_ALIPAY, startBuilds, WECHAT } from './frameworks.mjs'
import { alipay, douyin, weChat } from './phones.mjs'
import { copyOf, editJson, installPackage, installTemplate, run } from './project.mjs'
import { filesOf } from './realm.mjs'

const TARGETS = {
  weapp: { phones: WECHAT, create: weChat },
  alipay: { phones: { ...ALIPAY, ...OLD_ALIPAY }, create: alipay, user: 'alipay' },
  tt: { phones: DOUYIN, create: douyin, user: 'douyin' },
}

export async function exampleTaro({ check, skip, folder, tarball }, install = installTemplate) {
  const title = 'example with Taro'
  const project = copyOf('example-taro', folder, root)
  // Its lockfile has what others publish.
  editJson(project, 'package.json', ({ dependencies }) => delete dependencies['miniprogram-session'])
  if (!(await isInstalledBy(install, { check, skip, title, project }))) return
  if (!(await check(`${title}: npm install, without a flag`, () => installPackage(project, tarball)))) return

  const builds = startBuilds(Object.keys(TARGETS), (target) =>
    run(project, 'npm', ['run', `build:${target}`], { NODE_ENV: 'production' }),
  )
  // The others shall not run on when one has failed.
  await Promise.allSettled(Object.values(builds))
  await check(`${title}: types`, () => run(project, 'npm', ['run', 'types']).then(() => ''))
  for (const [target, { phones, create, user }] of Object.entries(TARGETS)) {
    const name = `${title} for ${target}`
    let files
    const isBuilt = await check(
      `${name}: builds${target === 'weapp' ? ", and WeChat's compiler takes it" : ''}`,
      async () => {
        await builds[target]
        files = filesOf(target === 'weapp' ? await upload(project) : path.join(project, 'dist', target))
      },
    )
    if (!isBuilt) continue
    for (const [where, phone] of Object.entries(phones))
      await playExample({ check, name: `${name}, ${where}`, project, files, phone, user })
    await check(`${name}: with the example server, over HTTP`, () =>
      withExampleServer(path.join(folder, 'uploads'), (address) =>
        playOnServer({ project, files, create, address }),
      ),
    )
  }
}

/** What WeChat's own compiler makes of it, as for an upload. */
async function upload(project) {
  const into = `${project}-uploaded`
  const findings = await buildInDevTools(project, into)
  // There is nothing to pack: Taro has done it.
  const found = findings.filter((text) => !text.startsWith('pack npm: no packages in '))
  if (found.length > 0) throw new Error(found.join('\n'))
  return into
}
