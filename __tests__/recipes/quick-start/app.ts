// #region launch
import { api } from './api'

App({
  onLaunch() {
    api.ensureLogin().catch(() => {})
  },
})
// #endregion
