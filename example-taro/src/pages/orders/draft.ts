import type { Draft, Order } from '../../api'

const MENU = [
  { title: '龙井茶', amount: 6800 },
  { title: '桂花糕', amount: 1880 },
  { title: '竹骨伞', amount: 12800 },
]

let drafts = 0

/** Another one from the menu, with a key of its own. */
export function newDraft(): Draft {
  const { title, amount } = MENU[drafts++ % MENU.length] as Pick<Order, 'title' | 'amount'>
  const key = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`
  return { key, title, amount }
}

export const price = (amount: number) => `¥${(amount / 100).toFixed(2)}`

export function dayOf(createdAt: number) {
  const date = new Date(createdAt)
  return `${date.getMonth() + 1}月${date.getDate()}日`
}
