import { minify as terser } from 'terser'

/**
 * The one naming convention that minifying knows: a member whose name starts with an underscore is ours alone and
 * gets a short name. Whatever users or WeChat write and read has none, so nothing has to be listed.
 */
const OURS_ALONE = /^_[a-z]/

/** A rollup plugin: the chunk minified, and its map led on to the sources. */
export const minify = () => ({
  name: 'minify',
  async renderChunk(code) {
    const { code: minified, map } = await terser(code, {
      ecma: 2017,
      // A CommonJS file is a scope of its own.
      toplevel: true,
      compress: { passes: 2 },
      // What stands in quotes is data: a header, a field of somebody's answer.
      mangle: { properties: { regex: OURS_ALONE, keep_quoted: 'strict' } },
      sourceMap: { asObject: true },
    })
    return { code: minified, map }
  },
})
