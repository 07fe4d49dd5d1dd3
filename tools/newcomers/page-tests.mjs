// The page of the quick start under the test runners that people have, and the test that the README shows.
import { copyOf, installPackage, installTemplate, runBin, write } from './project.mjs'
import { block } from './readme.mjs'

const RUNNERS = {
  jest: {
    command: ['jest', '--ci'],
    passed: /Tests: +3 passed, 3 total/,
  },
  vitest: {
    command: ['vitest', 'run', '--globals', '--dir', 'vitest'],
    passed: /Tests +3 passed \(3\)/,
  },
  'node:test': {
    folder: 'node',
    command: ['tsx', '--test', 'node/page.test.ts', 'node/readme.test.ts'],
    passed: /pass 3\n[^]*fail 0/,
    // It has no expect of its own: the one of jest is a package.
    imports: "import { test } from 'node:test'\nimport { expect } from 'expect'\n",
  },
}

export async function pageTests({ check, folder, tarball, readme }) {
  const project = copyOf('page-test', folder)
  const isInstalled = await check('page tests: npm install, without a flag', async () => {
    await installTemplate(project)
    await installPackage(project, tarball)
  })
  if (!isInstalled) return
  write(project, 'api.ts', block(readme, 'quick-start'))
  write(project, 'pages/orders/index.ts', block(readme, 'page'))
  for (const [name, { folder = name, command, passed, imports = '' }] of Object.entries(RUNNERS))
    await check(`page tests: ${name}`, async () => {
      write(project, `${folder}/readme.test.ts`, imports + block(readme, 'testing'))
      const said = await runBin(project, command[0], command.slice(1))
      if (!passed.test(said)) throw new Error(said)
      return '3 tests'
    })
}
