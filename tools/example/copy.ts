import { execFileSync } from 'node:child_process'
import { copyFileSync, cpSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const ROOT = path.join(__dirname, '../..')
const EXAMPLE = path.join(ROOT, 'example-miniprogram')
/** What only this repository needs. */
const LEFT = ['preview', 'node_modules', 'miniprogram_npm', 'screenshots', 'README.md', 'README.zh-CN.md']

/** Builds and packs the SDK as it would be published; gives the tarball's path. */
export function packSdk(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'sdk-'))
  npm(['run', '--silent', 'build'], ROOT)
  npm(['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], ROOT)
  const [tarball] = readdirSync(folder)
  if (tarball === undefined) throw new Error('npm pack made nothing')
  return path.join(folder, tarball)
}

/** The example as a project of its own, with the tarball in it and installed: what DevTools can open. */
export function copyExample(folder: string, tarball: string): void {
  cpSync(EXAMPLE, folder, { recursive: true, filter: (file) => !LEFT.includes(path.relative(EXAMPLE, file)) })
  const name = path.basename(tarball)
  copyFileSync(tarball, path.join(folder, name))
  const file = path.join(folder, 'package.json')
  const config = JSON.parse(readFileSync(file, 'utf8')) as { dependencies: Record<string, string> }
  config.dependencies['miniprogram-session'] = `file:${name}`
  writeFileSync(file, `${JSON.stringify(config, null, 2)}\n`)
  npm(['install', '--silent', '--no-audit', '--no-fund'], folder)
}

function npm(input: string[], cwd: string): void {
  try {
    // On Windows npm is a script, which only a shell can run.
    execFileSync('npm', input, { cwd, stdio: 'pipe', encoding: 'utf8', shell: process.platform === 'win32' })
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string }
    throw new Error(`npm ${input.join(' ')} failed:\n${stdout ?? ''}${stderr ?? ''}`, { cause: error })
  }
}
