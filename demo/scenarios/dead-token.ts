import type { Scenario } from '../stage'
import { openHomePage } from './requests'

export const deadToken: Scenario = {
  title: 'Dead token: twenty requests, a session the server has forgotten',
  story: 'Nine are refused. The first 401 starts the one login; the rest never leave.',
  promised: { requests: 20, failed: 0, unauthorized: 9, codes: 1, replays: 9 },
  async prepare({ api, backend }) {
    await api.ensureLogin()
    await backend.expire()
  },
  act: (stage) => openHomePage(stage, 20),
}
