interface AppWords {
  title: string
  start: string
  size: string
  network: string
  background: string
  restart: string
}

export const APP_WORDS: Record<'en' | 'zh', AppWords> = {
  en: {
    title: 'The example mini-program',
    start: 'Open the mini-program',
    size: 'some 150 kB, once; its words are Chinese',
    network: 'Network on / off',
    background: 'To the background / back',
    restart: 'Start it again',
  },
  zh: {
    title: '示例小程序',
    start: '打开小程序',
    size: '约 150 kB，只下载一次',
    network: '断开 / 恢复网络',
    background: '切到后台 / 回到前台',
    restart: '重新启动',
  },
}
