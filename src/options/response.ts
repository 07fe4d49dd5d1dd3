/** What `request` resolves to: WeChat's own result object. */
export interface Response<T = unknown> {
  data: T
  statusCode: number
  header: Record<string, unknown>
  cookies?: string[]
  errMsg?: string
  /** Timing, exception, … whatever else WeChat adds. */
  [field: string]: unknown
}
