import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** Runs `work` with a temporary folder, and removes the folder whatever happens. */
export async function withFolder(work) {
  const folder = mkdtempSync(path.join(tmpdir(), 'miniprogram-session-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export function run(command, args, cwd) {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

/** The tarball of a package, made as it is, into `folder`. */
export function packFolder(source, folder) {
  run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], source)
  return path.join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.tgz')),
  )
}

/** What `npm publish` would publish, unpacked into `folder`. */
export function pack(folder) {
  run('tar', ['-xzf', packFolder(root, folder)], folder)
  return path.join(folder, 'package')
}
