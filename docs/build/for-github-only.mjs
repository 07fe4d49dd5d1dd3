/** The line under a title that leads to the other language: the site has a menu for that. */
const LANGUAGE_LINE = /^\[(?:English|简体中文)\]\([^)]+\)(?: · \[README\]\([^)]+\))?\n\n?/m

export const withoutLanguageLine = (text) => text.replace(LANGUAGE_LINE, '')

export function forGitHubOnly(md) {
  // Before anything is read: the search has the page from there, too.
  md.core.ruler.before('normalize', 'for-github-only', (state) => {
    state.src = withoutLanguageLine(state.src)
  })
}
