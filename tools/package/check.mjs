import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { checkFiles } from './files.mjs'
import { checkMaps } from './maps.mjs'
import { pack, packFolder, root, withFolder } from './pack.mjs'
import { checkBurst, checkNames, checkPacker, checkStream, MODULES, PHONE_FILES } from './phone.mjs'
import { checkPublish } from './publish.mjs'
import { checkTypes } from './types.mjs'

/** A command of a dependency's on the package: its output is the problem. */
function command(name, ...args) {
  try {
    execFileSync(path.join(root, 'node_modules/.bin', name), args, { encoding: 'utf8', stdio: 'pipe' })
    return []
  } catch (error) {
    return [`${error.stdout}${error.stderr}`.trim() || String(error)]
  }
}

/** Each takes the folder of an unpacked package and returns what is wrong with it. */
export const CHECKS = {
  'ships its files and no others': checkFiles,
  'publint has nothing to say': async (folder) => {
    const { messages, pkg } = await publint({ pkgDir: folder, pack: false, strict: true })
    return messages.map((message) => formatMessage(message, pkg, { color: false }))
  },
  'are the types wrong? no': (folder) =>
    withFolder((other) => command('attw', packFolder(folder, other), '--no-color', '--no-emoji')),
  'types and code found under each module resolution': checkTypes,
  'ES2017 at most': (folder) =>
    [
      ['es2017', ...PHONE_FILES.concat('dist/testing.js')],
      ['es2017', '--module', ...MODULES],
    ].flatMap((args) =>
      command('es-check', ...args.map((a) => (a.endsWith('js') ? path.join(folder, a) : a))),
    ),
  "WeChat's packer can parse it": checkPacker,
  'needs nothing that phones lack': checkNames,
  'runs where there is only the language and wx': checkBurst,
  'streams where there is not even a symbol for it': checkStream,
  'source maps lead to the sources': checkMaps,
  'npm would publish it as it is, in a dry run': checkPublish,
}

if (process.argv[1] === import.meta.filename) {
  const sound = await withFolder(async (folder) => {
    const unpacked = pack(folder)
    let sound = true
    for (const [name, check] of Object.entries(CHECKS)) {
      const problems = await check(unpacked)
      console.log(`${problems.length ? 'FAILED' : 'ok    '} ${name}`)
      for (const problem of problems) console.log(`         ${problem}`)
      sound &&= problems.length === 0
    }
    return sound
  })
  process.exitCode = sound ? 0 : 1
}
