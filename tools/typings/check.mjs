// What the package's types refer to is written out in its own words. Here they are held against the typings that users have beside
// them: an object typed by WeChat's goes in, the fake goes where a wx is expected, each platform's object is a platform, and
// mistakes are mistakes with each of them and with none.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import ts from 'typescript'

const here = path.dirname(fileURLToPath(import.meta.url))
const root = path.resolve(here, '../..')

/** By name: the program, and whose global types it sees. */
export const PROGRAMS = {
  'no typings at all': { file: 'none.ts', types: [] },
  'miniprogram-api-typings 3': { file: 'wechat.ts', types: ['typings-3'] },
  'miniprogram-api-typings 4': { file: 'wechat.ts', types: ['typings-4'] },
  'miniprogram-api-typings 5': { file: 'wechat.ts', types: ['typings-5'] },
  '@dcloudio/types': { file: 'uni.ts', types: ['@dcloudio/types'] },
  '@tarojs/taro': { file: 'taro.ts', types: [] },
  '@mini-types/my': { file: 'alipay.ts', types: ['@mini-types/my'] },
  '@douyin-microapp/typings': { file: 'douyin.ts', types: ['@douyin-microapp/typings'] },
}

/** What the compiler says against a program and the package's types; what others' typings have wrong is theirs. */
export function problems({ file, types }, { strict = true, dist = path.join(root, 'dist') } = {}) {
  const program = ts.createProgram([path.join(here, 'programs', file)], {
    strict,
    types,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts'],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    typeRoots: [path.join(here, 'node_modules')],
    paths: {
      'miniprogram-session': [path.join(dist, 'index.d.ts')],
      'miniprogram-session/*': [path.join(dist, '*.d.ts')],
    },
  })
  return ts
    .getPreEmitDiagnostics(program)
    .filter((found) => !found.file || !found.file.fileName.includes('node_modules'))
    .map((found) => {
      const line = found.file ? found.file.getLineAndCharacterOfPosition(found.start).line + 1 : 0
      const where = found.file ? `${path.basename(found.file.fileName)}:${line}: ` : ''
      return where + ts.flattenDiagnosticMessageText(found.messageText, '\n    ')
    })
}

function main() {
  for (const [folder, command] of [
    [path.join(root, 'dist'), 'npm run build'],
    [path.join(here, 'node_modules'), 'npm ci --ignore-scripts --prefix tools/typings'],
  ])
    if (!existsSync(folder)) return fail(`${path.relative(root, folder)} is not there: run ${command} first.`)
  for (const [name, program] of Object.entries(PROGRAMS))
    for (const strict of [true, false]) {
      const found = problems(program, { strict })
      console.log(`${found.length ? 'FAIL' : 'ok  '} ${name}${strict ? '' : ', not strict'}`)
      for (const problem of found) fail(`     ${problem}`)
    }
}

function fail(words) {
  console.error(words)
  process.exitCode = 1
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main()
