import { ConfigError } from '../errors'
import type { AnyRequest } from '../options/request'
import { addHeaders, setHeader, type HeaderInit } from '../transport/headers'
import { overrideMethod, serialize, serializeForm, withQuery } from '../transport/serialize'
import type { Kind, WireOptions } from '../transport/wire-options'
import type { Config } from './config'

/** What a request says beyond its target when it says nothing. */
export const NOTHING: Partial<AnyRequest> = {}

/** What `wx` is called with for one attempt, the token on it. */
export function outgoing(
  config: Config,
  api: Kind,
  url: string,
  method: string,
  data: unknown,
  extras: Partial<AnyRequest>,
  /** The names of those among them that are WeChat's. */
  foreign: readonly string[] | undefined,
  header: HeaderInit | undefined,
  token: string | undefined,
): WireOptions {
  const isUpload = api === 'uploadFile'
  const { query, timeout = config.timeout } = extras
  const { traits, methodOverride } = config
  const options: WireOptions = {
    url,
    method,
    header: {},
    data: isUpload ? extras.formData : data,
    timeout,
    success: undefined,
    fail: undefined,
    complete: undefined,
  }
  if (foreign) for (const field of foreign) options[field] = extras[field]
  try {
    if (header) addHeaders(options.header, header)
    // The client's is for bodies of its own; WeChat writes one with the boundary.
    if (isUpload) setHeader(options.header, 'content-type')
    if (extras.header) addHeaders(options.header, extras.header)
    if (token !== undefined) config.attach(options, token, !header && !extras.header)
    if (query) options.url = withQuery(options.url, query)
    if (traits) traits.suit(options, methodOverride)
    else if (options.method === 'PATCH') overrideMethod(options, methodOverride, 'WeChat')
    if (isUpload) writeForm(options)
    else if (options.data !== undefined) serialize(options)
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause
    throw new ConfigError('has a header, query or data that cannot be written: see error.cause.', cause)
  }
  return options
}

function writeForm(options: WireOptions): void {
  if (options.data) options.formData = serializeForm(Object(options.data) as Record<string, unknown>)
  options.data = undefined
}
