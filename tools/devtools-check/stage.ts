import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { copyExample } from '../example/copy'

export { packSdk } from '../example/copy'

/** A fresh copy of the example, as `npm run example` makes it for somebody who opens it in DevTools. */
export function stageExample(tarball: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'example-'))
  copyExample(folder, tarball)
  return folder
}
