import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { root, run, withFolder } from './pack.mjs'

const { ModuleKind, ModuleResolutionKind } = ts

/** How people's compilers find a package; `file` decides whether the result is CommonJS or ESM. */
const RESOLUTIONS = {
  node10: {
    file: 'program.ts',
    options: {
      module: ModuleKind.CommonJS,
      moduleResolution: ModuleResolutionKind.Node10,
      ignoreDeprecations: '6.0',
    },
  },
  'node16, CommonJS': { file: 'program.cts', options: { module: ModuleKind.Node16 } },
  'node16, ESM': { file: 'program.mts', options: { module: ModuleKind.Node16 } },
  bundler: {
    file: 'program.ts',
    type: 'module',
    options: { module: ModuleKind.ESNext, moduleResolution: ModuleResolutionKind.Bundler },
  },
}

const EXPECTED = 'order 7, 1 login, CONFIG, true, 咖啡, echo hi'

/** A user's program finds types and code of both entry points, whatever its resolution, and runs. */
export function checkTypes(folder) {
  return withFolder((project) => {
    writeFileSync(path.join(project, 'package.json'), '{ "private": true }')
    const flags = ['--install-links', '--offline', '--ignore-scripts', '--no-audit', '--no-fund']
    run('npm', ['install', ...flags, folder], project)
    const byResolution = Object.entries(RESOLUTIONS).flatMap(([name, resolution], index) => {
      const problems = [true, false].flatMap((skipLibCheck) =>
        compile(path.join(project, `${index}`), resolution, skipLibCheck),
      )
      const [result] = problems.length ? [EXPECTED] : attempt(() => runProgram(project, index, resolution))
      if (result !== EXPECTED) problems.push(`the program said "${result}", not "${EXPECTED}"`)
      return problems.map((problem) => `${name}: ${problem}`)
    })
    // Resolvers without "exports" (Jest 27 and older, webpack 4) look for folders.
    const byFolder = Object.entries({
      testing: 'createFakeWeChat',
      stream: 'streamText',
      socket: 'openSocket',
      page: 'scope',
      cache: 'cache',
      ui: 'failures',
    }).flatMap(([entry, name]) => {
      const stub = path.join(project, 'node_modules/miniprogram-session', entry)
      const code = `console.log(typeof require(${JSON.stringify(stub)}).${name})`
      const [kind] = attempt(() => run('node', ['-e', code], project).trim())
      return kind === 'function' ? [] : [`${entry}/package.json: ${kind}`]
    })
    return [...byResolution, ...byFolder]
  })
}

function compile(folder, { file, type = 'commonjs', options }, skipLibCheck) {
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ type }))
  const program = path.join(folder, file)
  cpSync(path.join(root, 'tools/package/consumer.ts'), program)
  const built = ts.createProgram([program], {
    target: ts.ScriptTarget.ES2017,
    lib: ['lib.es2017.d.ts'],
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck,
    ...options,
  })
  const { diagnostics } = built.emit()
  return [...ts.getPreEmitDiagnostics(built), ...diagnostics].map((diagnostic) => {
    const where = diagnostic.file ? `${path.relative(folder, diagnostic.file.fileName)}: ` : ''
    return where + ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ')
  })
}

function runProgram(project, index, { file }) {
  return run('node', [file.replace('ts', 'js')], path.join(project, `${index}`)).trim()
}

function attempt(work) {
  try {
    return [work()]
  } catch (error) {
    return [String(error.stderr ?? error)]
  }
}
