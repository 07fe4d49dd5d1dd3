import type { Scenario } from '../stage'
import { openHomePage } from './requests'

export const coldStart: Scenario = {
  title: 'Cold start: twenty requests, nobody logged in',
  story: 'All wait for one login, then go out: nine, and ten once one is accepted.',
  promised: { requests: 20, failed: 0, unauthorized: 0, codes: 1, replays: 0 },
  act: (stage) => openHomePage(stage, 20),
}
