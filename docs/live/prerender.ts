import { atOnce } from './burst/engine'
import { DEFAULTS } from './burst/settings'
import { WORDS } from './burst/words'
import * as chat from './chat/engine'
import { TROUBLES } from './chat/play'
import { CHAT_WORDS } from './chat/words'
import { LAWS } from './laws'
import { drawScene } from './laws/draw'

/** What stands in a page before any script runs: by language, then by the live part as pages write it. */
export async function pictures(): Promise<Record<'en' | 'zh', Record<string, string>>> {
  const laws: Record<string, string> = {}
  for (const [index, scene] of LAWS.entries())
    laws[`Law number="${index + 1}"`] = drawScene(await scene().play())
  const of = async (language: 'en' | 'zh') => {
    const burst = await atOnce(DEFAULTS, WORDS[language])
    const chats: Record<string, string> = {}
    for (const trouble of TROUBLES) {
      const part = `LiveChat trouble="${trouble}"`
      chats[part] = live(part, await chat.atOnce(trouble, CHAT_WORDS[language]))
    }
    return {
      ...laws,
      ...chats,
      LiveTimeline: live('LiveTimeline', burst),
      // Nothing of it is there before it is asked for.
      MiniProgram: '<MiniProgram />',
    }
  }
  return { en: await of('en'), zh: await of('zh') }
}

/** The script draws into `drawn`; Vue leaves that alone, and VitePress ships it once, as HTML. */
const live = (part: string, picture: string) =>
  `<section class="live"><${part} /><div class="drawn">${picture}</div></section>`
