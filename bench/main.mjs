// All of the bench, each part in a process of its own with what it needs of Node; fails when one of them does.
import { spawnSync } from 'node:child_process'
import path from 'node:path'

/** A young generation that holds ten thousand waiting requests: see waiting.mjs. */
const ROOMY = ['--min-semi-space-size=64', '--max-semi-space-size=64']
const PARTS = {
  'cpu.mjs': [],
  'counts.mjs': [],
  'sockets.mjs': [],
  'streams.mjs': ['--expose-gc'],
  'waiting.mjs': ROOMY,
  'reachable.mjs': ['--expose-gc'],
  'pages.mjs': [],
  'platforms.mjs': [],
}

for (const [file, flags] of Object.entries(PARTS)) {
  console.log(`\n== ${file}`)
  const { status } = spawnSync(process.execPath, [...flags, path.join(import.meta.dirname, file)], {
    stdio: 'inherit',
  })
  if (status !== 0) process.exitCode = 1
}
