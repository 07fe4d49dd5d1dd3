// DevTools' own templates, TypeScript and JavaScript: the package is installed, the quick start pasted, and what WeChat's packer
// and compiler make of it is run.
import { cpSync, rmSync } from 'node:fs'
import path from 'node:path'
import { buildInDevTools } from './devtools.mjs'
import { COMPILERS } from './matrix.mjs'
import { weChat } from './phones.mjs'
import {
  assertAllFound,
  copyOf,
  editJson,
  installPackage,
  installTemplate,
  mistakes,
  run,
  write,
} from './project.mjs'
import { block, blockInJavaScript, projectSettings } from './readme.mjs'
import { filesOf } from './realm.mjs'
import { playScenes } from './scenes.mjs'

/** `matrix` is where the compilers and typings are installed. */
export async function nativeTypeScript({ check, folder, tarball, readme, matrix }) {
  const project = copyOf('template-typescript', folder)
  // The template brings its own copy of WeChat's typings.
  cpSync(path.join(matrix, 'node_modules/typings-3/types'), path.join(project, 'typings/types'), {
    recursive: true,
  })
  const app = path.join(project, 'miniprogram')
  const isInstalled = await check('TypeScript template: npm install, without a flag', async () => {
    await installTemplate(project)
    await installPackage(project, tarball)
  })
  if (!isInstalled) return

  paste(app, 'ts', (name) => block(readme, name))
  for (const [name, compiler] of Object.entries(COMPILERS))
    await check(`TypeScript template: tsc ${name}, without skipLibCheck`, () =>
      typeCheck(project, matrix, compiler),
    )
  await check('TypeScript template: what is wrong is an error', async () => {
    write(app, 'mistakes.ts', mistakes().replaceAll('@ts-expect-error', ''))
    const lines = await typeCheck(project, matrix, COMPILERS[5.9]).then(
      () => [],
      (error) => error.lines,
    )
    rmSync(path.join(app, 'mistakes.ts'))
    assertAllFound(lines)
  })

  await check(
    "TypeScript template: without the README's lines for project.config.json the mend is told",
    async () => {
      const findings = await buildInDevTools(project, `${project}-built`)
      if (!/^pack npm: .*"packNpmManually":true,"packNpmRelationList":/.test(findings[0]))
        throw new Error(findings[0] ?? 'nothing was told')
    },
  )
  const settings = projectSettings(readme)
  editJson(project, 'project.config.json', ({ setting }) => Object.assign(setting, settings))
  await buildAndPlay({ check, name: 'TypeScript template', project })
}

export async function nativeJavaScript({ check, folder, tarball, readme }) {
  const project = copyOf('template-javascript', folder)
  // The template has no package.json; WeChat's guide to npm has one made first.
  await run(project, 'npm', ['init', '--yes'])
  const isInstalled = await check('JavaScript template: npm install, without a flag', () =>
    installPackage(project, tarball),
  )
  if (!isInstalled) return
  paste(project, 'js', (name) => blockInJavaScript(readme, name))
  await buildAndPlay({ check, name: 'JavaScript template', project })
}

/** The quick start, where the README says it goes; the page is the app's first. */
function paste(app, extension, code) {
  write(app, `api.${extension}`, code('quick-start'))
  write(app, `app.${extension}`, code('launch'))
  write(app, `pages/orders/index.${extension}`, code('page'))
  write(app, 'pages/orders/index.json', '{}')
  write(app, 'pages/orders/index.wxml', '<view wx:for="{{orders}}" wx:key="id">{{item.title}}</view>')
  editJson(app, 'app.json', ({ pages }) => pages.unshift('pages/orders/index'))
}

const typeCheck = (project, matrix, compiler) =>
  run(project, process.execPath, [
    path.join(matrix, 'node_modules', compiler, 'bin/tsc'),
    '-p',
    '.',
    '--noEmit',
  ])

async function buildAndPlay({ check, name, project }) {
  const into = `${project}-built`
  const isBuilt = await check(`${name}: WeChat's packer and compiler`, async () => {
    const findings = await buildInDevTools(project, into)
    if (findings.length > 0) throw new Error(findings.join('\n'))
  })
  if (isBuilt) await playScenes({ check, name, project, files: () => filesOf(into), phone: weChat() })
}
