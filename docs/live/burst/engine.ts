import { drawBurst, spanOf } from './draw'
import { playAtOnce, playLive } from './play'
import type { Settings } from './settings'
import type { Words } from './words'

/** The picture of these settings, finished. */
export async function atOnce(settings: Settings, words: Words): Promise<string> {
  const pictures = await playAtOnce(settings)
  return drawBurst(pictures, spanOf(pictures.sdk, pictures.interceptor), words)
}

/** Sends them; gives what shows how far they are. */
export async function start(
  settings: Settings,
  words: Words,
): Promise<() => { html: string; isOver: boolean }> {
  const expected = await playAtOnce(settings)
  const plays = playLive(settings)
  return () => {
    const pictures = { sdk: plays.sdk.look(), interceptor: plays.interceptor.look() }
    const { sdk, interceptor } = pictures
    const span = spanOf(expected.sdk, expected.interceptor, sdk, interceptor)
    return { html: drawBurst(pictures, span, words), isOver: sdk.isOver && interceptor.isOver }
  }
}
