import { fileURLToPath } from 'node:url'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

/** Few stories, and always the same: there are many mutants. */
process.env.LAWS_RUNS ??= '150'

/** The projects `unit` and `laws` as the one file that bundle.mjs has made of them. */
export default {
  rootDir: here('bundle'),
  testEnvironment: here('environment.cjs'),
  testTimeout: 2000,
  transform: {},
  watchman: false,
  haste: { forceNodeFilesystemAPI: true },
}
