import { startLog } from './services/event-log'
import { api } from './services/api'

startLog()

App({
  onLaunch() {
    // Early, so that a first login is under way before a page asks for data. Pages show what fails.
    api.ensureLogin().catch(() => undefined)
  },
})
