import { createFakeStorage, createFakeWeChat, realClock } from 'miniprogram-session/testing'
import type { ServerLine } from '../dev/line'
import { carryThroughServer } from './carry'
import { keepStorage } from './keep-storage'

/** Milliseconds there and back of the pretended mobile network. */
const LATENCY = 60

/** The fake WeChat of the test kit, in real time, on a real network, with a storage that lasts. */
export function createPhone(line: ServerLine) {
  return createFakeWeChat({
    clock: realClock,
    server: carryThroughServer(line),
    storage: keepStorage(createFakeStorage()),
    codes: mintCode,
    latency: LATENCY,
    loginLatency: 200,
    checkLatency: 150,
    record: false,
  })
}

/** A code in the form that the example server's stand-in for WeChat takes: who, when, and something never used before. */
function mintCode(): string {
  const random = crypto.getRandomValues(new Uint8Array(12))
  const nonce = Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${previewUser()}.${Date.now().toString(36)}.${nonce}`
}

/** Each browser is somebody else to the server, and stays the same person. */
function previewUser(): string {
  const known = localStorage.getItem('preview:user')
  if (known !== null) return known
  const made = `preview-${crypto.randomUUID().slice(0, 8)}`
  localStorage.setItem('preview:user', made)
  return made
}
