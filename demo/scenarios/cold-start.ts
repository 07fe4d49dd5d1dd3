import type { Scenario } from '../stage'
import { openHomePage } from './requests'

export const coldStart: Scenario = {
  title: 'Cold start: twenty requests, nobody logged in',
  story: 'All wait for one login. Then they go out, nine at a time.',
  promised: { requests: 20, failed: 0, unauthorized: 0, codes: 1, replays: 0 },
  act: (stage) => openHomePage(stage, 20),
}
