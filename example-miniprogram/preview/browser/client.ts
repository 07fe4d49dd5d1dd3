import { boot } from './boot'
import { watchClients } from './dev/beside'
import { ServerLine } from './dev/line'
import { Overlay, watchBuilds, watchErrors } from './dev/overlay'
import type { Program } from './runtime/program'

const line = new ServerLine()
const overlay = new Overlay()
watchErrors(overlay)
watchClients()
watchBuilds(line, overlay)

/** program.js, which is compiled anew at every change, calls this. */
Object.assign(globalThis, { startMiniProgram: (program: Program) => boot(program, line) })
