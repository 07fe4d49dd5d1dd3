import type { Plugin } from 'esbuild'

const NAME = 'miniprogram-session'

/** The SDK as the mini-program imports it, but that each client is shown to the preview, which draws its events beside the phone. */
export function sessionPlugin(): Plugin {
  return {
    name: 'watched-session',
    setup(build) {
      build.onResolve({ filter: new RegExp(`^${NAME}$`) }, ({ namespace, resolveDir }) =>
        namespace === NAME ? undefined : { path: NAME, namespace: NAME, pluginData: resolveDir },
      )
      build.onLoad({ filter: /.*/, namespace: NAME }, ({ pluginData }) => ({
        resolveDir: String(pluginData),
        contents: `
import { createClient as create } from '${NAME}'
export * from '${NAME}'
export function createClient(options) {
  const client = create(options)
  watchClient(client)
  return client
}`,
      }))
    },
  }
}
