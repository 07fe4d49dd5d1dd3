import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const ROOT = path.join(__dirname, '../..')

/** Builds and packs the SDK as it would be published; gives the tarball's path. */
export function packSdk(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'sdk-'))
  npm(['run', '--silent', 'build'], ROOT)
  npm(['pack', '--silent', '--pack-destination', folder], ROOT)
  const [tarball] = readdirSync(folder)
  if (tarball === undefined) throw new Error('npm pack made nothing')
  return path.join(folder, tarball)
}

/** A fresh copy of the example with the tarball installed, as somebody who copies it would have it. */
export function stageExample(tarball: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'example-'))
  const source = path.join(ROOT, 'example-miniprogram')
  const left = ['preview', 'node_modules', 'miniprogram_npm', 'screenshots']
  cpSync(source, folder, { recursive: true, filter: (file) => !left.includes(path.basename(file)) })
  // Without a lockfile: with one, npm takes a tarball of the same version for the one it has.
  const flags = [
    '--omit=dev',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-package-lock',
    '--legacy-peer-deps',
  ]
  npm(['install', '--silent', ...flags, tarball], folder)
  return folder
}

function npm(input: string[], cwd: string): void {
  try {
    execFileSync('npm', input, { cwd, stdio: 'pipe', encoding: 'utf8' })
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string }
    throw new Error(`npm ${input.join(' ')} failed:\n${stdout ?? ''}${stderr ?? ''}`, { cause: error })
  }
}
