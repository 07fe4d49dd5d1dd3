import { rmSync } from 'node:fs'
import typescript from '@rollup/plugin-typescript'
import { dts } from 'rollup-plugin-dts'
import { minify } from './tools/build/minify.mjs'
import { sparedNames } from './tools/build/names.mjs'

// What an earlier build has left there would be published too.
for (const folder of ['dist', 'miniprogram_dist']) rmSync(folder, { recursive: true, force: true })

/** What an app ships. */
const shipped = { index: 'src/index.ts' }
const entries = { ...shipped, testing: 'src/testing/index.ts' }

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
})

export default [
  {
    input: entries,
    plugins: [compile()],
    output: [output('dist', 'cjs', 'js'), output('dist', 'es', 'mjs')],
  },
  {
    // WeChat copies this folder into the app as it is; the fake is for tests and stays out of it.
    input: shipped,
    plugins: [compile(), minify(() => sparedNames(shipped, 'tsconfig.json'))],
    output: [output('miniprogram_dist', 'cjs', 'js')],
  },
  {
    input: entries,
    plugins: [dts()],
    output: ['d.ts', 'd.mts'].map((extension) => ({
      ...output('dist', 'es', extension),
      chunkFileNames: `shared.${extension}`,
      sourcemap: false,
    })),
  },
]
