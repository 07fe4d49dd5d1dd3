import { rmSync } from 'node:fs'
import typescript from '@rollup/plugin-typescript'
import { dts } from 'rollup-plugin-dts'
import { ON_PHONES, SHARED } from './tools/build/entries.mjs'
import { minify } from './tools/build/minify.mjs'
import { sparedNames } from './tools/build/names.mjs'

// What an earlier build has left there would be published too.
for (const folder of ['dist', 'miniprogram_dist']) rmSync(folder, { recursive: true, force: true })

/** What runs on phones. The entries beside the client find the core in its file: a second copy would have clients of its own. */
const onPhones = ON_PHONES
/** In one file, which hands out to those entries what users do not see of it. */
const theCore = { preserveEntrySignatures: 'allow-extension' }
const entries = { ...onPhones, testing: 'src/testing/index.ts' }

/** The door is part of the core. */
const chunks = { index: [onPhones.index, 'src/entry/door.ts'], ...SHARED }

/** ES2017 and no helpers from outside: the floor of what WeChat's own packer can parse in `main`. */
const compile = () =>
  typescript({
    tsconfig: './tsconfig.json',
    compilerOptions: { noEmit: false, noEmitHelpers: false, removeComments: false },
  })

const output = (dir, format, extension) => ({
  dir,
  format,
  entryFileNames: `[name].${extension}`,
  chunkFileNames: `[name].${extension}`,
  sourcemap: true,
  exports: 'named',
  // What is minified has its names from there.
  minifyInternalExports: dir !== 'miniprogram_dist',
  ...(extension !== 'd.ts' && extension !== 'd.mts' && { manualChunks: chunks }),
})

export default [
  {
    input: entries,
    ...theCore,
    plugins: [compile()],
    output: [output('dist', 'cjs', 'js'), output('dist', 'es', 'mjs')],
  },
  {
    // WeChat copies this folder into the app as it is; the fake is for tests and stays out of it.
    input: onPhones,
    ...theCore,
    plugins: [compile(), minify(() => sparedNames(onPhones, 'tsconfig.json'))],
    output: [output('miniprogram_dist', 'cjs', 'js')],
  },
  {
    input: entries,
    plugins: [dts()],
    output: ['d.ts', 'd.mts'].map((extension) => ({
      ...output('dist', 'es', extension),
      // What entries have in common is one file.
      manualChunks: (id) =>
        Object.values(entries).some((entry) => id.endsWith(`/${entry}`)) ? undefined : 'shared',
      sourcemap: false,
      // An app that compiles for ES2017 need not name the library that `for await` is typed in.
      banner: ({ name }) => (name === 'stream' ? '/// <reference lib="es2018.asynciterable" />' : ''),
    })),
  },
]
