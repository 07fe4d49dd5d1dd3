/** Parts of VitePress's theme that this site has no use for, and that each page would carry: another search, advertisements, teams. */
const UNUSED =
  /theme-default\/components\/VP(AlgoliaSearchBox|CarbonAds|DocAsideCarbonAds|DocAsideSponsors|HomeSponsors|Sponsors\w*|Team\w*)\.vue$/

export const withoutUnused = () => ({
  name: 'without-unused',
  enforce: 'pre',
  load: (id) => (UNUSED.test(id) ? '<script>export default { render: () => null }</script>' : undefined),
})
