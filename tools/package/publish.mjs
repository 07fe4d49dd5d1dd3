import { spawnSync } from 'node:child_process'

/** A dry run asks nobody, so nobody has to be logged in. */
const LOG_IN = /requires you to be logged in/

/** `npm publish` would take it as it is: it ends well, and npm mends nothing in package.json by itself. */
export function checkPublish(folder) {
  const flags = ['--dry-run', '--offline', '--ignore-scripts', '--access', 'public', '--tag', 'latest']
  const { status, stderr } = spawnSync('npm', ['publish', ...flags], { cwd: folder, encoding: 'utf8' })
  const lines = stderr.split('\n').filter((line) => /^npm (warn|error)/i.test(line) && !LOG_IN.test(line))
  return status === 0 || lines.length ? [...new Set(lines)] : [`npm publish ended with ${status}: ${stderr}`]
}
