/** What the preview's server says over its one event stream. */
export type ServerMessage =
  | { type: 'hello'; client: string }
  | { type: 'built'; version: number }
  | { type: 'broken'; diagnostics: { text: string; file: string; line: number; column: number }[] }
  | { type: 'net'; id: number; part: NetPart }

/** A piece of an answer to a request that the server carries for the page. Bodies are base64. */
export type NetPart =
  | { kind: 'progress'; done: number; total: number }
  | { kind: 'headers'; statusCode: number; header: Record<string, string>; cookies: string[] }
  | { kind: 'chunk'; bytes: string }
  | { kind: 'end'; body: string }
  | { kind: 'fail'; reason: 'refused' | 'dns' | 'unknown' }
