import { execFileSync } from 'node:child_process'
import { copyFileSync, cpSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const ROOT = path.join(__dirname, '../..')
export type Example = 'example-miniprogram' | 'example-taro'
/** What only this repository needs, and what is made. */
const LEFT = /^(preview|node_modules|miniprogram_npm|dist|screenshots|README\..*)$/

/** Builds and packs the SDK as it would be published; gives the tarball's path. */
export function packSdk(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'sdk-'))
  npm(['run', '--silent', 'build'], ROOT)
  npm(['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], ROOT)
  const [tarball] = readdirSync(folder)
  if (tarball === undefined) throw new Error('npm pack made nothing')
  return path.join(folder, tarball)
}

/** An example as a project of its own, with the tarball in it and installed: what developer tools can open, or Taro build. */
export function copyExample(folder: string, tarball: string, example: Example = 'example-miniprogram'): void {
  const from = path.join(ROOT, example)
  cpSync(from, folder, { recursive: true, filter: (file) => !LEFT.test(path.relative(from, file)) })
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
