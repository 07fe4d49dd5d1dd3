import type { Scenario } from '../stage'
import { coldStart } from './cold-start'
import { deadToken } from './dead-token'
import { outage } from './outage'
import { stale401s } from './stale-401s'
import { upload } from './upload'

export const scenarios: readonly Scenario[] = [coldStart, deadToken, stale401s, upload, outage]
