/**
 * Parts of VitePress's theme that this site has no use for, and that each page would carry: another search, advertisements, teams,
 * cards on the first page, menus in menus. Whoever comes to need one takes it off this list.
 */
const COMPONENTS = [
  'AlgoliaSearchBox',
  'Badge',
  'CarbonAds',
  'DocAsideCarbonAds',
  'DocAsideSponsors',
  'DocFooterLastUpdated',
  'Features?',
  'Footer',
  'HomeFeatures',
  'HomeSponsors',
  'Image',
  'MenuGroup',
  'NavBarMenuGroup',
  'NavScreenMenuGroup\\w*',
  'Page',
  'Sponsors\\w*',
  'Team\\w*',
]
const STYLES = ['custom-block', 'vp-code-group', 'vp-sponsor']

/** What stands in the place of a file, by how its path ends. */
const INSTEAD = [
  [
    `theme-default/components/VP(${COMPONENTS.join('|')}).vue`,
    '<script>export default { render: () => null }</script>',
  ],
  [`theme-default/styles/components/(${STYLES.join('|')}).css`, '/* unused */'],
  ['client/app/composables/codeGroups.js', 'export const useCodeGroups = () => undefined'],
  ['client/app/composables/preFetch.js', 'export const usePrefetch = () => undefined'],
  // No live part plays what the fake WeChat shows, or a socket.
  ['src/testing/ui.ts', 'export const createUi = () => ({})'],
  [
    'src/testing/sockets.ts',
    'export const createSockets = () => ({ breakSockets() {}, interruptSockets() {} })',
  ],
].map(([end, code]) => [new RegExp(`/${end.replaceAll('.', '\\.')}$`), code])

export const withoutUnused = () => ({
  name: 'without-unused',
  enforce: 'pre',
  load: (id) => INSTEAD.find(([path]) => path.test(id))?.[1],
})
