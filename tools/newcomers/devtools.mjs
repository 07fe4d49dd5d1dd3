// WeChat's packer and compiler on a project, in a process of their own: what one run of theirs leaves behind spoils the next.
//   node tools/newcomers/devtools.mjs <project> <folder for what would be uploaded>
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { require as requireTs } from 'tsx/cjs/api'
import { isInstalled, run, write } from './project.mjs'

const FINDINGS = 'findings.json'
const home = path.join(import.meta.dirname, '../devtools-check')

/** What they find, as `check: text`; what would be uploaded lies in `into` afterwards. */
export async function buildInDevTools(project, into) {
  rmSync(into, { recursive: true, force: true })
  await run(project, process.execPath, [fileURLToPath(import.meta.url), project, into])
  const findings = path.join(into, FINDINGS)
  const found = JSON.parse(readFileSync(findings, 'utf8'))
  rmSync(findings)
  return found
}

export const hasDevTools = () => isInstalled(home, 'miniprogram-ci')

async function main([project, into]) {
  const { checkProject } = requireTs(path.join(home, 'checks.ts'), import.meta.url)
  const { loadToolchain } = requireTs(path.join(home, 'toolchain.ts'), import.meta.url)
  // The compiler leaves folders named by hashes in the current one, and a child process behind.
  const folder = mkdtempSync(path.join(tmpdir(), 'newcomer-compiler-'))
  process.chdir(folder)
  const { findings, files } = await checkProject(project, loadToolchain(), () => Promise.resolve())
  for (const [name, content] of Object.entries(files)) write(into, name, content)
  write(into, FINDINGS, JSON.stringify(findings.map(({ check, text }) => `${check}: ${text}`)))
  rmSync(folder, { recursive: true })
  process.exit()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2))
