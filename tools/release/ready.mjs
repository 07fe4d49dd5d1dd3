// What stands in the way of a release. `npm version` asks before it does anything, and the workflow before it publishes; with `--tell`
// it only says so, for CI, which goes on without.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { topOf } from './changelog.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What only somebody knows who has the place: npm's page of the package leads there, and provenance is refused without. */
const PLACES = {
  repository: '{ "type": "git", "url": "git+https://github.com/<owner>/<name>.git" }',
  homepage: '"https://github.com/<owner>/<name>#readme"',
  bugs: '{ "url": "https://github.com/<owner>/<name>/issues" }',
}

/** Problems with a project: `version` is the one to be, `repository` where the workflow runs, as `owner/name`. */
export function problems({ manifest, changelog, version, tag, repository }) {
  return [
    ...Object.keys(PLACES)
      .filter((field) => !addressOf(manifest[field]))
      .map(
        (field) => `package.json says no ${field}: add "${field}": ${PLACES[field]}, with the true address.`,
      ),
    ...placeProblems(addressOf(manifest.repository), repository),
    ...changelogProblems(topOf(changelog), version),
    ...(tag === undefined || tag === `v${manifest.version}`
      ? []
      : [`The tag is ${tag}, and package.json says ${manifest.version}: make tags by npm version.`]),
  ]
}

/** As a text or an object. */
function addressOf(value) {
  const address = typeof value === 'string' ? value : value?.url
  return typeof address === 'string' && !address.includes('<') ? address : undefined
}

function placeProblems(address, repository) {
  if (!address || !repository || new RegExp(`github\\.com[/:]${repository}(\\.git)?$`, 'i').test(address))
    return []
  return [
    `package.json says the repository is ${address}, and this is ${repository}: npm refuses the provenance.`,
  ]
}

function changelogProblems({ heading, isEmpty }, version) {
  if (heading !== 'Unreleased' && version !== undefined && heading !== version)
    return [`CHANGELOG.md begins with "${heading}": write what is new in ${version} under "## Unreleased".`]
  return isEmpty ? [`CHANGELOG.md says nothing under "${heading}".`] : []
}

function main() {
  const { values } = parseArgs({ options: { tell: { type: 'boolean' }, tag: { type: 'string' } } })
  const read = (name) => readFileSync(path.join(root, name), 'utf8')
  const manifest = JSON.parse(read('package.json'))
  const found = problems({
    manifest,
    changelog: read('CHANGELOG.md'),
    // npm version says what is to come; a tag is what has come.
    version: process.env.npm_new_version ?? (values.tag && manifest.version),
    tag: values.tag,
    repository: process.env.GITHUB_REPOSITORY,
  })
  for (const problem of found) console.log(problem)
  console.log(
    found.length ? `${found.length} in the way of a release.` : 'Nothing is in the way of a release.',
  )
  if (found.length && !values.tell) process.exitCode = 1
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main()
