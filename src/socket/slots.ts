import { ConfigError } from '../errors'
import type { Phone } from '../transport/phone'

/** WeChat's own limit (wx.connectSocket page). */
const MOST = 5

const inUse = new WeakMap<Phone, number>()

/** One connection more on this phone. Gives what takes it off the count again. */
export function takeSlot(phone: Phone): () => void {
  const count = inUse.get(phone) || 0
  if (count >= MOST)
    throw new ConfigError(
      `cannot be opened: WeChat allows ${MOST} sockets at once. Close one, or share one between pages.`,
    )
  inUse.set(phone, count + 1)
  return () => inUse.set(phone, (inUse.get(phone) || 1) - 1)
}
