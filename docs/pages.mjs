/** Every page, in the order of the sidebar: its file, and its title there in both languages. */
export const GROUPS = [
  {
    en: 'Guide',
    zh: '指南',
    pages: [
      ['see-it', 'See it', '亲手试'],
      ['guarantees', 'What you can rely on', '行为保证'],
      ['recipes', 'Recipes', '常见写法'],
      ['pages', 'Pages', '页面'],
      ['streams', 'Streams', '流式请求'],
      ['sockets', 'Sockets', '长连接'],
      ['testing', 'Testing your pages', '测试你的页面'],
    ],
  },
  {
    en: 'Evidence',
    zh: '依据',
    pages: [
      ['platform-facts', 'Platform facts', '平台事实'],
      ['mutants', 'Mutants', '变异测试'],
      ['seeded-bugs', 'Seeded bugs', '植入的缺陷'],
    ],
  },
]
