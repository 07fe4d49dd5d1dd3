/** One for each platform that differs from WeChat; what they share is `adapt`. */
export const ADAPTERS = ['alipay', 'douyin', 'baidu', 'kuaishou', 'jd', 'uni', 'taro']

/** What runs on phones, by the name that it is published under. */
export const ON_PHONES = {
  index: 'src/index.ts',
  ...Object.fromEntries(
    ['stream', 'socket', 'page', 'cache', 'ui'].map((name) => [name, `src/${name}/index.ts`]),
  ),
  ...Object.fromEntries(ADAPTERS.map((name) => [name, `src/platforms/${name}.ts`])),
}

/** Files that entries have in common, beside the core: page and ui what stands around a client, adapters what a dialect is made of. */
export const SHARED = {
  wrapper: ['src/entry/wrap.ts', 'src/entry/relay.ts'],
  adapt: ['src/platforms/adapt.ts'],
  'alipay-common': ['src/platforms/alipay-common.ts'],
  frameworks: ['src/platforms/frameworks.ts'],
  // What Douyin and Baidu have in common.
  objects: ['src/platforms/objects.ts', 'src/platforms/missing-key.ts'],
}
