import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { runExample } from './run'
import { accountLimits, type Toolchain } from './toolchain'

export const CHECKS = ['pack npm', 'wxml', 'compile', 'syntax', 'imports', 'run'] as const
export type CheckName = (typeof CHECKS)[number]

export interface Finding {
  check: CheckName
  text: string
}

export interface Report {
  findings: Finding[]
  /** What would be uploaded, by path. */
  files: Record<string, string | Buffer>
}

interface ProjectConfig {
  /** Without it the app lies beside the file. */
  miniprogramRoot?: string
  setting: {
    packNpmManually?: boolean
    packNpmRelationList?: { packageJsonPath: string; miniprogramNpmDistDir: string }[]
  }
}

/**
 * Does to a DevTools project what DevTools would do before an upload, and says what it finds. `start` runs what would be
 * uploaded.
 */
export async function checkProject(
  project: string,
  tools: Toolchain,
  start: (files: Report['files']) => Promise<unknown> = runExample,
): Promise<Report> {
  const findings: Finding[] = []
  const note = (check: CheckName) => (text: string) => {
    findings.push({ check, text: text.replace(/\s*\n\s*/g, ' | ').slice(0, 400) })
  }
  const config = readJson(path.join(project, 'project.config.json')) as ProjectConfig
  await packNpm(project, config, tools, note('pack npm'))
  checkWxml(path.join(project, config.miniprogramRoot ?? '.'), tools, note('wxml'))
  const files = await compile(project, tools, note('compile'))
  if ('app.json' in files) {
    checkSyntax(files, tools, note('syntax'))
    await checkImports(files, tools, note('imports'))
    await start(files).catch((error: unknown) => note('run')(messageOf(error)))
  }
  return { findings, files }
}

type Note = (text: string) => void

/** The JavaScript API, since the command `pack-npm-manually` exits with 0 before it has done anything. */
async function packNpm(project: string, config: ProjectConfig, tools: Toolchain, note: Note): Promise<void> {
  const { packNpmManually, packNpmRelationList = [] } = config.setting
  if (!packNpmManually) return packBesideApp(project, config, tools, note)
  for (const { packageJsonPath, miniprogramNpmDistDir } of packNpmRelationList) {
    const target = path.join(project, miniprogramNpmDistDir)
    const manifest = path.join(project, packageJsonPath)
    const { warnList } = await tools.ci.packNpmManually({
      packageJsonPath: manifest,
      miniprogramNpmDistDir: target,
    })
    for (const { msg, jsPath, startLine, code } of warnList)
      note(`${msg} ${jsPath}:${startLine ?? ''} ${code}`)
    const { dependencies = {} } = readJson(manifest) as { dependencies?: Record<string, string> }
    for (const name of Object.keys(dependencies)) {
      // The packer skips what it cannot find without a word.
      if (!existsSync(path.join(target, 'miniprogram_npm', name, 'index.js')))
        note(`${name}/index.js was not produced`)
    }
  }
}

/** "Build npm" as it is by default: it looks for packages where the app lies, and nowhere else. */
async function packBesideApp(
  project: string,
  { miniprogramRoot = './' }: ProjectConfig,
  { ci }: Toolchain,
  note: Note,
): Promise<void> {
  try {
    const warnings = await ci.packNpm(projectIn(project, ci), { reporter: () => undefined })
    for (const { msg, jsPath, startLine, code } of warnings)
      note(`${msg} ${jsPath}:${startLine ?? ''} ${code}`)
  } catch (error) {
    if (!messageOf(error).includes('__NO_NODE_MODULES__')) throw error
    const relation = { packageJsonPath: './package.json', miniprogramNpmDistDir: miniprogramRoot }
    const lines = JSON.stringify({ packNpmManually: true, packNpmRelationList: [relation] })
    note(
      `no packages in ${miniprogramRoot}. Put this under "setting" of project.config.json: ${lines.slice(1, -1)}`,
    )
  }
}

const projectIn = (project: string, ci: Toolchain['ci']): object =>
  new ci.Project({
    appid: 'wx0000000000000000',
    type: 'miniProgram',
    projectPath: project,
    privateKey: 'unused',
    ignores: ['node_modules/**/*'],
    attr: accountLimits,
  })

function checkWxml(root: string, { wxmlToJs }: Toolchain, note: Note): void {
  try {
    wxmlToJs(root)
  } catch (error) {
    note(messageOf(error))
  }
}

async function compile(project: string, { ci }: Toolchain, note: Note): Promise<Report['files']> {
  try {
    return await ci.getCompiledResult({
      project: projectIn(project, ci),
      setting: { es6: true, minify: true, minifyWXML: true, minifyWXSS: true },
      onProgressUpdate({ status, message, id }) {
        const text = message ?? id ?? ''
        // An entry that the app does not import is left out of the upload.
        if (
          /^Ignored by code analyzer: \S*miniprogram_npm\/miniprogram-session\/(?!index)\w+\.js$/.test(text)
        )
          return
        if (status && !['doing', 'done', 'success'].includes(status)) note(`${status}: ${text}`)
      },
    })
  } catch (error) {
    note(messageOf(error))
    return {}
  }
}

/** Whatever the compiler left above ES5 would stop an old phone: it transpiles, but not everything. */
function checkSyntax(files: Report['files'], { acorn }: Toolchain, note: Note): void {
  for (const [name, code] of Object.entries(files)) {
    if (!name.endsWith('.js')) continue
    try {
      acorn.parse(String(code), { ecmaVersion: 5, sourceType: 'script' })
    } catch (error) {
      note(`${name}: ${messageOf(error)}`)
    }
  }
}

/** The compiler does not look where a require leads; its analyser does. */
async function checkImports(files: Report['files'], { ci }: Toolchain, note: Note): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'devtools-check-'))
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, content)
  }
  const project = new ci.Project({
    appid: 'wx0',
    type: 'miniProgram',
    projectPath: folder,
    privateKey: 'unused',
  })
  const { modules } = await ci.analyseCode(project, { silent: true })
  for (const { deps } of modules) for (const { error } of deps) if (error) note(error)
  rmSync(folder, { recursive: true })
}

export function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8')) as unknown
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
