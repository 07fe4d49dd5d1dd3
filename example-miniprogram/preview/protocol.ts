/** What the preview's server says over the line to a window. */
export type ServerMessage =
  | { type: 'hello'; client: string }
  /** `build` differs from one start of the server to the next, too. */
  | { type: 'built'; build: string }
  | { type: 'broken'; diagnostics: { text: string; file: string; line: number; column: number }[] }
  | { type: 'net'; id: number; part: NetPart }

/** What comes first over the line of a socket: with which status its handshake was refused, if it was. */
export interface SocketHead {
  status?: number
}

/** What comes of a request that the server carries for the page, piece by piece and as it comes. Chunks are base64. */
export type NetPart =
  | { kind: 'progress'; done: number; total: number }
  | { kind: 'headers'; statusCode: number; header: Record<string, string>; cookies: string[] }
  | { kind: 'chunk'; bytes: string }
  | { kind: 'end' }
  | { kind: 'fail'; reason: 'refused' | 'reset' | 'dns' | 'unknown' }
