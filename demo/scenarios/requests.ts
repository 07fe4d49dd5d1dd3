import type { Stage } from '../stage'

/** What a home page asks for when it opens: `count` requests at once, each with a URL of its own. */
export function openHomePage({ api, watch }: Stage, count: number): void {
  watch(api.get('/me'))
  for (let page = 1; page < count; page++) watch(api.get('/orders', { page }))
}
