/** The newest entry: its heading, and whether nothing stands under it. */
export function topOf(changelog) {
  const [, heading = '', body = ''] = /^## (.+)\n([^]*?)(?=^## |$(?![^]))/m.exec(changelog) ?? []
  return { heading, isEmpty: !/^(- |\|)/m.test(body) }
}

/** What was not released is now this version. */
export const released = (changelog, version) => changelog.replace(/^## Unreleased$/m, `## ${version}`)
