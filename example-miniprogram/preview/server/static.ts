import { readFile } from 'node:fs/promises'
import path from 'node:path'

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.svg': 'image/svg+xml',
  '.webp': 'image/webp',
}

export interface Asset {
  type: string
  body: Buffer | string
}

export function asset(name: string, body: Buffer | string): Asset {
  return { type: TYPES[path.extname(name)] ?? 'application/octet-stream', body }
}

/** A file under `root` by its URL path; undefined when there is none, or it would lie outside. */
export async function assetUnder(root: string, urlPath: string): Promise<Asset | undefined> {
  const file = path.join(root, decodeURIComponent(urlPath))
  if (!file.startsWith(path.resolve(root) + path.sep) || !(path.extname(file) in TYPES)) return undefined
  const body = await readFile(file).catch(() => undefined)
  return body && asset(file, body)
}
