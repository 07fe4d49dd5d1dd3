// A release is one command. Here it is given in a clone, with a bare repository in the place of GitHub: all that it does, but for the
// checks before it, which CI runs anyway.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { problems } from './ready.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const place = {
  repository: { type: 'git', url: 'git+https://github.com/owner/name.git' },
  homepage: 'https://github.com/owner/name#readme',
  bugs: { url: 'https://github.com/owner/name/issues' },
}
const manifest = { version: '1.2.3', ...place }
const changelog = '# Changelog\n\n## 1.2.3\n\n- New.\n\n## 1.2.2\n\n- Old.\n'

describe('what stands in the way', () => {
  const cases = [
    ['nothing', {}, []],
    ['no repository', { manifest: { ...manifest, repository: undefined } }, [/says no repository/]],
    ['a made-up address', { manifest: { ...manifest, bugs: '<somewhere>' } }, [/says no bugs/]],
    ['nobody knows yet', { manifest: { version: '1.2.3' } }, [/repository/, /homepage/, /bugs/]],
    ['another place', { repository: 'other/name' }, [/this is other\/name/]],
    ['the same place', { repository: 'Owner/Name' }, []],
    ['a version nobody wrote about', { version: '1.3.0' }, [/begins with "1\.2\.3"/]],
    [
      'an empty entry',
      { changelog: '## Unreleased\n\n## 1.2.2\n\n- Old.\n' },
      [/nothing under "Unreleased"/],
    ],
    ['what is not released yet', { changelog: '## Unreleased\n\n- New.\n', version: '1.3.0' }, []],
    ['another tag', { tag: 'v1.2.4' }, [/The tag is v1\.2\.4/]],
    ['the tag', { tag: 'v1.2.3' }, []],
  ]
  for (const [name, given, expected] of cases)
    test(name, () => {
      const found = problems({ manifest, changelog, ...given })
      assert.equal(found.length, expected.length, found.join('\n'))
      for (const [index, words] of expected.entries()) assert.match(found[index], words)
    })
})

const WITH_VERSION = ['README.md', 'README.zh-CN.md', 'docs/quick-start.md', 'docs/zh/quick-start.md']

describe('npm version', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'release-'))
  const clone = path.join(folder, 'clone')
  after(() => rmSync(folder, { recursive: true }))

  // As in a terminal: not inside npm run or a workflow, which have a project of their own.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm|GITHUB)_/.test(name)))

  const git = (...args) => execFileSync('git', args, { cwd: clone, encoding: 'utf8', stdio: 'pipe' }).trim()
  const read = (file) => readFileSync(path.join(clone, file), 'utf8')
  const write = (file, change) => writeFileSync(path.join(clone, file), change(read(file)))
  const manifestOf = (change) =>
    write('package.json', (text) => JSON.stringify(change(JSON.parse(text)), null, 2) + '\n')
  const version = (...args) => spawnSync('npm', ['version', ...args], { cwd: clone, env, encoding: 'utf8' })

  before(() => {
    mkdirSync(clone)
    for (const name of ['package.json', 'package-lock.json', 'CHANGELOG.md', ...WITH_VERSION])
      cpSync(path.join(root, name), path.join(clone, name))
    for (const name of ['README.md', 'package.json'])
      for (const example of ['example-miniprogram', 'example-taro'])
        cpSync(path.join(root, example, name), path.join(clone, example, name))
    cpSync(path.join(root, 'tools/release'), path.join(clone, 'tools/release'), { recursive: true })
    const nothing = { check: 'node -v', build: 'node -v', package: 'node -v' }
    manifestOf((found) => ({ ...found, workspaces: undefined, scripts: { ...found.scripts, ...nothing } }))
    write('CHANGELOG.md', (text) => text.replace(/^## /m, '## Unreleased\n\n- New.\n\n## '))
    execFileSync('git', ['init', '-q', '--bare', path.join(folder, 'origin.git')])
    git('init', '-q', '-b', 'main')
    git('config', 'user.name', 'Somebody')
    git('config', 'user.email', 'somebody@example.com')
    git('config', 'commit.gpgSign', 'false')
    git('config', 'tag.gpgSign', 'false')
    git('remote', 'add', 'origin', path.join(folder, 'origin.git'))
    git('add', '.')
    git('commit', '-qm', 'Begin')
    git('push', '-q', '-u', 'origin', 'main')
  })

  test('changes nothing while package.json does not say where the package lives', () => {
    const { status, stdout } = version('9.9.9')
    assert.notEqual(status, 0)
    assert.match(stdout, /says no repository[^]*3 in the way/)
    assert.equal(git('status', '--porcelain'), '')
  })

  test('sets the version wherever it stands, commits, tags and pushes', () => {
    manifestOf((found) => ({ ...found, ...place }))
    git('commit', '-qam', 'Say where it lives')
    const { status, stderr } = version('9.9.9')
    assert.equal(status, 0, stderr)
    assert.equal(git('status', '--porcelain'), '')
    assert.match(read('CHANGELOG.md'), /^## 9\.9\.9\n\n- New\./m)
    for (const file of WITH_VERSION) assert.match(read(file), /miniprogram-session-9\.9\.9\.tgz/)
    assert.match(read('example-miniprogram/package.json'), /"version": "9\.9\.9"[^]*"\^9\.9\.9"/)
    assert.match(read('example-taro/package.json'), /"miniprogram-session": "\^9\.9\.9"/)
    assert.match(git('ls-remote', 'origin'), /refs\/tags\/v9\.9\.9$/m)
    assert.equal(git('rev-parse', 'origin/main'), git('rev-parse', 'v9.9.9^{commit}'))
  })

  test('refuses a version that the changelog says nothing of', () => {
    const { status, stdout } = version('10.0.0')
    assert.notEqual(status, 0)
    assert.match(stdout, /begins with "9\.9\.9"/)
    assert.equal(git('status', '--porcelain'), '')
  })

  test('makes the tag of the first release, whose version stands there already', () => {
    git('tag', '-d', 'v9.9.9')
    git('push', '-q', 'origin', ':v9.9.9')
    const { status, stderr } = version('9.9.9', '--allow-same-version')
    assert.equal(status, 0, stderr)
    assert.match(git('ls-remote', 'origin'), /refs\/tags\/v9\.9\.9$/m)
  })
})

test('the workflow runs what there is, and may say who it is', () => {
  const workflow = readFileSync(path.join(root, '.github/workflows/release.yml'), 'utf8')
  const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
  const commands = Array.from(workflow.matchAll(/^ +- run: (.+)$/gm), ([, command]) => command)
  for (const [, name] of commands.join('\n').matchAll(/npm run (\S+)/g)) assert.ok(scripts[name], name)
  for (const [, file] of commands.join('\n').matchAll(/(?:^|node )([\w.]+\/\S+)/gm))
    assert.ok(existsSync(path.join(root, file)), file)
  assert.match(workflow, /publish:\n[^]*permissions:\n +contents: read\n +id-token: write/)
  assert.match(workflow, /npm publish .*--provenance/)
})
