import { boot } from './boot'
import { watchClients } from './dev/beside'
import { ServerLine } from './dev/line'
import { Overlay, watchBuilds, watchErrors } from './dev/overlay'
import type { Outside } from './outside'
import type { Program } from './runtime/program'
import { carryThroughServer } from './wx/carry'
import { carrySockets } from './wx/carry-sockets'

const line = new ServerLine()
const overlay = new Overlay()
watchErrors(overlay)
watchClients()
watchBuilds(line, overlay)

const outside: Outside = {
  phone: { server: carryThroughServer(line), sockets: carrySockets },
  async steps(user) {
    const answer = await fetch(`/__preview/steps?user=${user}`)
    return answer.ok ? ((await answer.json()) as object) : undefined
  },
  picture: (url) => `/__preview/picture?url=${encodeURIComponent(url)}`,
}

/** program.js, which is compiled anew at every change, calls this. */
Object.assign(globalThis, { startMiniProgram: (program: Program) => boot(program, outside) })
