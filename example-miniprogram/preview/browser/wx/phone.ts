import { createFakeStorage, createFakeWeChat, realClock } from 'miniprogram-session/testing'
import type { Outside } from '../outside'
import { keepStorage } from './keep-storage'
import { mintCode } from './user'

/** Milliseconds there and back of the pretended mobile network. */
const LATENCY = 60

/** The fake WeChat of the test kit, in real time, with a storage that lasts. */
export function createPhone(outside: Outside) {
  return createFakeWeChat({
    clock: realClock,
    ...outside.phone,
    storage: keepStorage(createFakeStorage()),
    codes: mintCode,
    latency: LATENCY,
    loginLatency: 200,
    checkLatency: 150,
    record: false,
  })
}
