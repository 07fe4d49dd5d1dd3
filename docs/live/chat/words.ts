import type { Trouble } from './play'

export interface ChatWords {
  play: string
  playing: string
  noScript: string
  question: string
  answer: readonly string[]
  title: Record<Trouble, string>
}

export const CHAT_WORDS: Record<'en' | 'zh', ChatWords> = {
  en: {
    play: 'Ask again',
    playing: 'It is answering',
    noScript: 'Asking needs JavaScript; this is how it ends.',
    question: 'How do I make good tea?',
    answer: [
      'Warm the pot. ',
      'A spoon for each cup, ',
      'water just off the boil, ',
      'three minutes, ',
      'no more. ',
      'Then wait for it ',
      'to cool a little, ',
      'and drink it in company. 🍵',
    ],
    title: { 'dead-token': 'With a dead token', cut: 'Cut in the middle' },
  },
  zh: {
    play: '再问一次',
    playing: '正在回答',
    noScript: '提问需要 JavaScript；这里是回答完的样子。',
    question: '茶怎么泡才好喝？',
    answer: [
      '先温壶，',
      '每杯一勺茶叶，',
      '水开后略等片刻，',
      '再冲进去，',
      '泡三分钟，',
      '别再久。',
      '稍凉一凉，',
      '和朋友一起喝。🍵',
    ],
    title: { 'dead-token': 'token 失效', cut: '中途断线' },
  },
}
