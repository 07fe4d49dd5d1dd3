import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listOf, plain } from './llms.mjs'

const PAGE = `---
search: false
---

# Streams

[简体中文](zh/streams.md)

Read as they come.

<LiveChat trouble="cut" />

<!-- code: three -->
\`\`\`ts
for await (const text of stream) show(text)
\`\`\`

See [options](options.md#timeout) and the [server](../example-server/README.md).
`

test('a page keeps its words, its code and its links to other pages', () => {
  const text = plain(PAGE, '/docs/streams.md', '/docs')
  assert.equal(
    text,
    '# Streams\n\nRead as they come.\n\n```ts\nfor await (const text of stream) show(text)\n```\n\nSee [options](options.md#timeout) and the server.\n',
  )
})

test('a file of the repository is linked once it is known where that is', () => {
  const text = plain(PAGE, '/docs/streams.md', '/docs', 'https://git.example.com/a/b')
  assert.match(
    text,
    /\[server\]\(https:\/\/git\.example\.com\/a\/b\/blob\/main\/example-server\/README\.md\)/,
  )
})

test('the list names each page with its first line, the other language apart, and leaves reports out of the whole', () => {
  const pages = [
    { address: 'streams.md', text: '# Streams\n\nRead as they come.\n' },
    { address: 'mutants.md', text: '# Mutants\n\nA long table.\n' },
    { address: 'zh/streams.md', text: '# 流式请求\n\n边收边读。\n' },
  ]
  const { list, full } = listOf({ title: 'T', description: 'D', base: '/b/', pages })
  assert.match(list, /## Docs\n\n- \[Streams\]\(\/b\/streams\.md\): Read as they come\.\n- \[Mutants\]/)
  assert.match(list, /## Optional: 中文\n\n- \[流式请求\]\(\/b\/zh\/streams\.md\): 边收边读。\n$/)
  assert.match(full, /Read as they come/)
  assert.doesNotMatch(full, /边收边读|A long table/)
})
