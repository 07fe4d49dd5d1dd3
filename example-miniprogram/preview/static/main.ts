import { boot } from '../browser/boot'
import { watchClients } from '../browser/dev/beside'
import type { Outside } from '../browser/outside'
import type { Program } from '../browser/runtime/program'
import { mintCode } from '../browser/wx/user'
import { createBackend } from './backend/backend'
import { carryInPage } from './carry'

const { account, handle, handleSocket, steps, picture } = createBackend(mintCode)
const outside: Outside = {
  phone: { server: carryInPage(handle), sockets: handleSocket, account },
  steps,
  picture,
}
watchClients()

/** program.js calls this. The page around the frame says which theme it has; without one the button chooses. */
Object.assign(globalThis, {
  startMiniProgram(program: Program) {
    const theme = boot(program, outside)
    document.body.classList.toggle('embedded', parent !== window)
    const follow = (name: unknown) => {
      if (name === 'light' || name === 'dark') theme.set(name)
    }
    follow(new URLSearchParams(location.search).get('theme'))
    addEventListener(
      'message',
      ({ origin, data }: MessageEvent<{ theme?: unknown; press?: unknown } | null>) => {
        if (origin !== location.origin) return
        follow(data?.theme)
        document.querySelector<HTMLElement>(`#tools > #${CSS.escape(String(data?.press))}`)?.click()
      },
    )
  },
})
