/** The tags that this preview draws: those the example uses, and what a small mini-program most often needs. */
export const BUILTIN_TAGS = [
  'view',
  'text',
  'button',
  'image',
  'input',
  'textarea',
  'scroll-view',
  'slider',
  'switch',
] as const

export type BuiltinTag = (typeof BUILTIN_TAGS)[number]
