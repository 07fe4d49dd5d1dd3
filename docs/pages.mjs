/** Every page, in the order of the sidebar: its file, and its title there in both languages. */
export const GROUPS = [
  {
    en: 'Begin',
    zh: '入门',
    pages: [
      ['quick-start', 'Quick start', '快速开始'],
      ['see-it', 'See it', '亲手试'],
      ['back-ends', 'Find your back end', '找到你的后端'],
      ['where-it-runs', 'Where it runs', '支持范围'],
      ['platforms', 'Other platforms', '其他平台'],
    ],
  },
  {
    en: 'Guide',
    zh: '指南',
    pages: [
      ['recipes', 'Recipes', '常见写法'],
      ['pages', 'Pages', '页面'],
      ['streams', 'Streams', '流式请求'],
      ['sockets', 'Sockets', '长连接'],
      ['testing', 'Testing your pages', '测试你的页面'],
      ['good-to-know', 'Good to know', '使用须知'],
    ],
  },
  {
    en: 'Server',
    zh: '服务端',
    pages: [
      ['server', 'The server half', '服务端'],
      ['protocol', 'The session protocol', '会话协议'],
    ],
  },
  {
    en: 'Reference',
    zh: '参考',
    pages: [
      ['options', 'Options', '配置项'],
      ['client', 'Client', 'Client'],
      ['requests', 'Each request', '单个请求的选项'],
      ['errors', 'Errors', '错误'],
      ['events', 'Events', '事件'],
    ],
  },
  {
    en: 'Evidence',
    zh: '依据',
    pages: [
      ['guarantees', 'What you can rely on', '行为保证'],
      ['compared', 'Beside other packages', '与其他库对比'],
      ['wechat', 'How WeChat behaves', '依据的平台行为'],
      ['platform-facts', 'Platform facts', '平台事实'],
      ['mutants', 'Mutants', '变异测试'],
      ['seeded-bugs', 'Seeded bugs', '植入的缺陷'],
    ],
  },
]
