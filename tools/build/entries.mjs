/** One for each platform that differs from WeChat; what they share is `adapt`. */
export const ADAPTERS = ['alipay', 'douyin', 'baidu', 'kuaishou', 'jd', 'uni', 'taro']

/** What runs on phones, by the name that it is published under. */
export const ON_PHONES = {
  index: 'src/index.ts',
  stream: 'src/stream/index.ts',
  ...Object.fromEntries(ADAPTERS.map((name) => [name, `src/platforms/${name}.ts`])),
}

/** Files that entries have in common, beside the core. */
export const SHARED = {
  adapt: ['src/platforms/adapt.ts'],
  'alipay-common': ['src/platforms/alipay-common.ts'],
  frameworks: ['src/platforms/frameworks.ts'],
}
