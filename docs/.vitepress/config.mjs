import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'
import { GROUPS } from '../pages.mjs'
import { writeForAgents } from '../build/llms.mjs'
import { shortNames } from '../build/short-names.mjs'
import { slug } from '../build/slug.mjs'
import { tokenize } from '../build/tokenize.mjs'
import { forGitHubOnly } from '../build/for-github-only.mjs'
import { livePictures, playAll } from '../build/live-pictures.mjs'
import { linksOfTheServer } from '../build/links-of-the-server.mjs'
import { linksOutside, repositoryOf } from '../build/links-outside.mjs'
import { onlyUsedStyles } from '../build/used-styles.mjs'
import { withoutUnused } from '../build/without-unused.mjs'

const at = (path) => fileURLToPath(new URL(path, import.meta.url))
const PICTURES = await playAll()
/** Where the site will lie: `/` or `/folder/`. */
const BASE = process.env.DOCS_BASE ?? '/'
/** The host it will be on, for lists that agents take away with them: `https://name.example.com`, or nothing. */
const ORIGIN = process.env.DOCS_ORIGIN ?? ''
const REPOSITORY = repositoryOf(JSON.parse(readFileSync(at('../../package.json'), 'utf8')))

const sidebar = (language, folder) =>
  GROUPS.map((group) => ({
    text: group[language],
    items: group.pages.map(([file, en, zh]) => ({
      text: language === 'zh' ? zh : en,
      link: `${folder}/${file}`,
    })),
  }))

/** The first page of each group. */
const nav = (language, folder) =>
  GROUPS.map(({ [language]: text, pages: [[first]] }) => ({ text, link: `${folder}/${first}` }))

export default defineConfig({
  title: 'miniprogram-session',
  base: BASE,
  cleanUrls: true,
  lastUpdated: false,
  srcExclude: ['node_modules/**'],
  // What is linked is not fetched before it is asked for: phones pay by the byte.
  router: { prefetchLinks: false },
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: `${BASE}icon.svg` }]],
  locales: {
    root: {
      label: 'English',
      lang: 'en',
      description: 'The request SDK for WeChat mini-programs: one login for every 401',
      themeConfig: {
        nav: nav('en', ''),
        sidebar: sidebar('en', ''),
        outline: { label: 'On this page', level: [2, 3] },
      },
    },
    zh: {
      label: '简体中文',
      lang: 'zh-CN',
      description: '微信小程序的请求 SDK：所有 401 共用一次登录',
      themeConfig: {
        nav: nav('zh', '/zh'),
        sidebar: sidebar('zh', '/zh'),
        outline: { label: '本页目录', level: [2, 3] },
        docFooter: { prev: '上一页', next: '下一页' },
        darkModeSwitchLabel: '外观',
        darkModeSwitchTitle: '切换到深色',
        lightModeSwitchTitle: '切换到浅色',
        sidebarMenuLabel: '菜单',
        returnToTopLabel: '回到顶部',
        langMenuLabel: '切换语言',
        skipToContentLabel: '跳到正文',
        notFound: {
          title: '没有这一页',
          quote: '地址可能写错了，也可能换了地方。',
          linkLabel: '回到首页',
          linkText: '回到首页',
        },
      },
    },
  },
  // The page as Markdown.
  transformHead: ({ page }) =>
    /(index|404)\.md$/.test(page)
      ? []
      : [['link', { rel: 'alternate', type: 'text/markdown', href: `${BASE}${page}` }]],
  buildEnd: (site) => writeForAgents(site, { groups: GROUPS, repository: REPOSITORY, origin: ORIGIN }),
  themeConfig: {
    ...(REPOSITORY && { socialLinks: [{ icon: 'github', link: REPOSITORY }] }),
    search: {
      provider: 'local',
      options: {
        miniSearch: {
          options: { tokenize },
          // Of a pair of characters nearly every other one is "one character off".
          searchOptions: { combineWith: 'AND', fuzzy: (term) => /^[a-z]{4,}$/.test(term) && 0.2 },
        },
        locales: {
          zh: {
            translations: {
              button: { buttonText: '搜索', buttonAriaLabel: '搜索' },
              modal: {
                noResultsText: '没有找到：',
                resetButtonTitle: '清除',
                backButtonTitle: '关闭',
                displayDetails: '显示详情',
                footer: { selectText: '打开', navigateText: '移动', closeText: '关闭' },
              },
            },
          },
        },
      },
    },
  },
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    anchor: { slugify: slug },
    config: (md) =>
      void md
        .use(forGitHubOnly)
        .use(linksOfTheServer)
        .use(linksOutside, at('..'), REPOSITORY)
        .use(livePictures, PICTURES, at('theme')),
  },
  vite: {
    define: { __VUE_OPTIONS_API__: false },
    build: {
      // Fields of classes as they are written: Safari has them since 14.1, Chrome since 72.
      target: 'es2022',
      minify: 'terser',
      terserOptions: { ecma: 2020, compress: { passes: 2 } },
    },
    plugins: [withoutUnused(), shortNames(), onlyUsedStyles()],
    resolve: {
      alias: [
        // Of the style of another search only its button is here.
        { find: /^@docsearch\/css$/, replacement: '@docsearch/css/dist/button.css' },
        { find: /^miniprogram-session$/, replacement: at('../../src/index.ts') },
        {
          find: /^miniprogram-session\/(testing|stream|socket|page|cache|ui)$/,
          replacement: at('../../src/$1/index.ts'),
        },
      ],
    },
  },
})
