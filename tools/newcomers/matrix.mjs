// Typings × TypeScript × strict or not × modules × their resolution: right code compiles, and wrong code does not.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import path from 'node:path'
import { copyOf, installPackage, installTemplate, mistakes, write } from './project.mjs'
import { block } from './readme.mjs'

export const COMPILERS = {
  4.9: 'typescript-4.9',
  5.9: 'typescript-5.9',
  '6.0': 'typescript-6',
  '7.0': 'typescript-7',
}

const TYPINGS = {
  'no typings': [],
  'typings 2': ['typings-2'],
  'typings 3': ['typings-3'],
  'typings 4': ['typings-4'],
  'typings 5': ['typings-5'],
}

const MODULES = [
  { module: 'CommonJS', resolution: 'node10' },
  { module: 'ESNext', resolution: 'node10' },
  { module: 'ESNext', resolution: 'bundler' },
  { module: 'CommonJS', resolution: 'bundler' },
]

/** What the compiler itself refuses. */
function impossible(compiler, { module, resolution }) {
  if (resolution === 'node10') return compiler === '7.0' ? 'gone with TypeScript 7.0' : undefined
  if (compiler === '4.9') return 'came with TypeScript 5.0'
  return compiler === '5.9' && module === 'CommonJS' ? 'not together before TypeScript 6.0' : undefined
}

/** Installs compilers, typings and the package beside one another. */
export async function installMatrix({ folder, tarball }) {
  const project = copyOf('matrix', folder)
  await installTemplate(project)
  await installPackage(project, tarball)
  return project
}

export async function typeMatrix({ check, skip, readme, matrix }) {
  writePrograms(matrix, readme)
  for (const compiler of Object.keys(COMPILERS))
    for (const modules of MODULES) {
      const name = `TypeScript ${compiler}, ${modules.module}, ${modules.resolution}`
      const reason = impossible(compiler, modules)
      if (reason) skip(name, reason)
      else await check(name, () => checkAll(matrix, compiler, modules))
    }
}

export function writePrograms(project, readme) {
  write(project, 'api.ts', block(readme, 'quick-start'))
  write(project, 'app.ts', block(readme, 'launch'))
  write(project, 'pages/orders/index.ts', block(readme, 'page'))
  write(project, 'mistakes.ts', mistakes())
  write(project, 'empty.ts', 'export {}')
}

/** With each typings, strict and not. `app.ts` and the page need the typings that have App and Page. */
function checkAll(project, compiler, modules) {
  let programs = 0
  const problems = Object.entries(TYPINGS).flatMap(([name, types]) =>
    [true, false].flatMap((strict) => {
      programs++
      const files = types.length
        ? ['app.ts', 'pages/orders/index.ts', 'mistakes.ts']
        : ['api.ts', 'mistakes.ts']
      return problemsOf({ project, compiler, ...modules, types, strict, files }).map(
        (problem) => `${name}, ${strict ? 'strict' : 'not strict'}: ${problem}`,
      )
    }),
  )
  if (problems.length > 0) throw new Error(problems.slice(0, 20).join('\n'))
  return `${programs} programs`
}

/** All that the compiler says (no skipLibCheck), but for what it says of the typings where they stand alone. */
export function problemsOf(how) {
  const { types } = how
  const compile = how.compiler === '7.0' ? compileNatively : compileHere
  const problems = compile(how)
  if (!problems.some((problem) => types.some((name) => problem.startsWith(`node_modules/${name}/`))))
    return problems
  const alone = new Set(compile({ ...how, files: ['empty.ts'] }))
  return problems.filter((problem) => !alone.has(problem))
}

/** TypeScript 7 is a program, and no module. */
function compileNatively({ project, compiler, module, resolution, types, strict, files }) {
  const flags = {
    strict,
    types: types.join(),
    noEmit: true,
    target: 'ES2020',
    lib: 'ES2020',
    module,
    moduleResolution: resolution,
    typeRoots: 'node_modules',
    pretty: false,
  }
  const input = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, String(value)])
  const tsc = path.join(project, 'node_modules', COMPILERS[compiler], 'bin/tsc')
  const { stdout, error } = spawnSync(process.execPath, [tsc, ...input, ...files], {
    cwd: project,
    encoding: 'utf8',
  })
  if (error) throw error
  return stdout.split('\n').filter((line) => / error TS\d+|^error/.test(line))
}

/** The others are asked in this process, where what they have parsed is kept. */
function compileHere({ project, compiler, module, resolution, types, strict, files }) {
  const ts = createRequire(path.join(project, 'package.json'))(COMPILERS[compiler])
  const { NodeJs, Node10 = NodeJs, Bundler } = ts.ModuleResolutionKind
  const options = {
    strict,
    types,
    noEmit: true,
    skipLibCheck: false,
    target: ts.ScriptTarget.ES2020,
    lib: ['lib.es2020.d.ts'],
    module: ts.ModuleKind[module],
    moduleResolution: resolution === 'bundler' ? Bundler : Node10,
    ...(compiler === '6.0' && { ignoreDeprecations: '6.0' }),
    typeRoots: [path.join(project, 'node_modules')],
  }
  const host = remembering(ts.createCompilerHost(options), compiler)
  const names = files.map((file) => path.join(project, file))
  const program = ts.createProgram(names, options, host)
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file ? file.getLineAndCharacterOfPosition(start).line + 1 : 0
    const name = file ? path.relative(project, file.fileName) : ''
    return `${name}:${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
  })
}

const parsed = new Map()

/** Declarations are the same under all options, and most of the work is to parse them. */
function remembering(host, compiler) {
  const parse = host.getSourceFile.bind(host)
  host.getSourceFile = (name, ...input) => {
    if (!name.endsWith('.d.ts')) return parse(name, ...input)
    const key = `${compiler} ${name}`
    if (!parsed.has(key)) parsed.set(key, parse(name, ...input))
    return parsed.get(key)
  }
  return host
}
