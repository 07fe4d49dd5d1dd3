import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { runStartPage } from './run'
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
  miniprogramRoot: string
  setting: { packNpmRelationList: { packageJsonPath: string; miniprogramNpmDistDir: string }[] }
}

/** Does to a DevTools project what DevTools would do before an upload, and says what it finds. */
export async function checkProject(project: string, tools: Toolchain): Promise<Report> {
  const findings: Finding[] = []
  const note = (check: CheckName) => (text: string) => {
    findings.push({ check, text: text.replace(/\s*\n\s*/g, ' | ').slice(0, 400) })
  }
  const config = readJson(path.join(project, 'project.config.json')) as ProjectConfig
  await packNpm(project, config, tools, note('pack npm'))
  checkWxml(path.join(project, config.miniprogramRoot), tools, note('wxml'))
  const files = await compile(project, tools, note('compile'))
  if ('app.json' in files) {
    checkSyntax(files, tools, note('syntax'))
    await checkImports(files, tools, note('imports'))
    await runStartPage(files).catch((error: unknown) => note('run')(messageOf(error)))
  }
  return { findings, files }
}

type Note = (text: string) => void

/** The JavaScript API, since the command `pack-npm-manually` exits with 0 before it has done anything. */
async function packNpm(
  project: string,
  { setting }: ProjectConfig,
  { ci }: Toolchain,
  note: Note,
): Promise<void> {
  for (const { packageJsonPath, miniprogramNpmDistDir } of setting.packNpmRelationList) {
    const target = path.join(project, miniprogramNpmDistDir)
    const manifest = path.join(project, packageJsonPath)
    const { warnList } = await ci.packNpmManually({
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

function checkWxml(root: string, { wxmlToJs }: Toolchain, note: Note): void {
  try {
    wxmlToJs(root)
  } catch (error) {
    note(messageOf(error))
  }
}

async function compile(project: string, { ci }: Toolchain, note: Note): Promise<Report['files']> {
  const made = new ci.Project({
    appid: 'wx0000000000000000',
    type: 'miniProgram',
    projectPath: project,
    privateKey: 'unused',
    ignores: ['node_modules/**/*'],
    attr: accountLimits,
  })
  try {
    return await ci.getCompiledResult({
      project: made,
      setting: { es6: true, minify: true, minifyWXML: true, minifyWXSS: true },
      onProgressUpdate({ status, message, id }) {
        if (status && !['doing', 'done', 'success'].includes(status))
          note(`${status}: ${message ?? id ?? ''}`)
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
