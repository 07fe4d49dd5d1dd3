import { realClock } from 'miniprogram-session/testing'
import { drawScene } from '../laws/draw'
import { beginChat, type Chat, type Trouble } from './play'
import type { ChatWords } from './words'

export async function atOnce(trouble: Trouble, words: ChatWords): Promise<string> {
  return drawChat(await whole(trouble, words), words)
}

/** Asks; gives what shows how far the answer is. */
export async function start(
  trouble: Trouble,
  words: ChatWords,
): Promise<() => { html: string; isOver: boolean }> {
  // As wide as it will be, so that nothing moves while it comes.
  const { end } = (await whole(trouble, words)).scene
  const play = beginChat(trouble, words.answer, realClock)
  return () => {
    const chat = play.look()
    const scene = { ...chat.scene, end: Math.max(end, chat.scene.end) }
    return { html: drawChat({ ...chat, scene }, words), isOver: chat.isOver }
  }
}

export async function whole(trouble: Trouble, words: ChatWords): Promise<Chat> {
  const play = beginChat(trouble, words.answer)
  await play.stage.play()
  await play.over
  return play.look()
}

function drawChat({ answer, scene, isOver }: Chat, { question }: ChatWords): string {
  const bubble = `<p class="asked">${question}</p><p class="answer${isOver ? '' : ' coming'}">${answer || '…'}</p>`
  return bubble + drawScene(scene)
}
