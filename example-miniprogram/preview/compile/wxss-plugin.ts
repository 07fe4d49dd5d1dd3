import { readFileSync } from 'node:fs'
import path from 'node:path'
import { type BuildFailure, type Message, type Plugin, build as bundle } from 'esbuild'
import { toCss } from './wxss'

/** `require('wxss:<file>?<scope>')` gives the text of a style sheet, its imports included. */
export function wxssPlugin(): Plugin {
  return {
    name: 'wxss',
    setup(build) {
      build.onResolve({ filter: /^wxss:/ }, ({ path: request }) => ({
        path: request.slice('wxss:'.length),
        namespace: 'wxss',
      }))
      build.onLoad({ filter: /.*/, namespace: 'wxss' }, async ({ path: request }) => {
        const at = request.lastIndexOf('?')
        return await sheet(request.slice(0, at), request.slice(at + 1))
      })
    },
  }
}

async function sheet(file: string, scope: string): Promise<{ contents: string } | { errors: Message[] }> {
  try {
    const { outputFiles, warnings } = await bundle({
      entryPoints: [file],
      bundle: true,
      write: false,
      logLevel: 'silent',
      plugins: [sheetLoader(path.dirname(file), scope)],
    })
    // esbuild only warns of CSS it cannot read, because browsers skip it; in an example it is a mistake.
    if (warnings.length > 0) return { errors: warnings }
    return { contents: `export default ${JSON.stringify(outputFiles[0]?.text ?? '')}` }
  } catch (error) {
    return { errors: (error as BuildFailure).errors }
  }
}

function sheetLoader(root: string, scope: string): Plugin {
  return {
    name: 'wxss-sheet',
    setup(build) {
      // Pictures stay as they are written: a mini-program's style sheet may name remote ones only.
      build.onResolve({ filter: /.*/ }, ({ kind, path: url }) =>
        kind === 'url-token' ? { path: url, external: true } : undefined,
      )
      build.onLoad({ filter: /\.wxss$/ }, ({ path: file }) => ({
        contents: toCss(readFileSync(file, 'utf8'), scope),
        loader: 'css',
        resolveDir: path.dirname(file) || root,
      }))
    },
  }
}
