import { createFakeStorage, createFakeWeChat, realClock } from 'miniprogram-session/testing'
import type { ServerLine } from '../dev/line'
import { carryThroughServer } from './carry'
import { carrySockets } from './carry-sockets'
import { keepStorage } from './keep-storage'
import { mintCode } from './user'

/** Milliseconds there and back of the pretended mobile network. */
const LATENCY = 60

/** The fake WeChat of the test kit, in real time, on a real network, with a storage that lasts. */
export function createPhone(line: ServerLine) {
  return createFakeWeChat({
    clock: realClock,
    server: carryThroughServer(line),
    sockets: carrySockets,
    storage: keepStorage(createFakeStorage()),
    codes: mintCode,
    latency: LATENCY,
    loginLatency: 200,
    checkLatency: 150,
    record: false,
  })
}
