import { LOGINS } from './logins'
import type { Scene } from './picture'
import { REQUESTS } from './requests'

/** The scene of each law, by its number less one. */
export const LAWS: readonly (() => { play(): Promise<Scene> })[] = [...LOGINS, ...REQUESTS]
