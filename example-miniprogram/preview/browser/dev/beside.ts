import type { Client, ClientEvent } from 'miniprogram-session'
import { clockTime } from '../../../miniprogram/utils/time'
import { lineOf } from '../../../miniprogram/utils/words'
import { byId, element } from '../frame/element'

/** Events that stay in sight: what is older can be found in the mini-program's own log. */
const KEPT = 200

/** Draws what every client of the mini-program says, beside the phone, where no page hides it. Newest first. */
export function watchClients(): void {
  const list = byId('events')
  byId('clear').addEventListener('click', () => list.replaceChildren())
  Object.assign(globalThis, {
    /** Called by the SDK as the preview compiles it in. */
    watchClient: (client: Pick<Client, 'on'>) => client.on((event) => draw(list, event)),
  })
}

function draw(list: HTMLElement, event: ClientEvent): void {
  const { tone, text, note } = lineOf(event)
  list.prepend(
    element(
      'li',
      // Not a class: the style sheets of the pages would find it.
      { 'data-tone': tone },
      element('time', {}, clockTime(event.at)),
      element('span', {}, text),
      element('small', {}, note),
    ),
  )
  if (list.children.length > KEPT) list.lastElementChild?.remove()
}

/** Says what in a template does nothing: in the console, and beside the phone. */
export function warn(text: string): void {
  console.warn(`[wxml] ${text}`)
  byId('warnings').append(element('li', {}, text))
  byId('warned').hidden = false
}
