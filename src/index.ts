export type { Platform, Clock } from './transport/platform'
