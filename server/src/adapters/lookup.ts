import type { Auth } from '../auth/auth.ts'
import type { PlainAnswer } from '../auth/answers.ts'
import type { PlainRequest } from '../auth/handle.ts'
import type { Session } from '../auth/sessions.ts'
import type { StoredProfile } from '../stores/store.ts'
import { StoreUnavailable } from '../errors.ts'

export interface SessionsOptions {
  /**
   * What `optional` does while the store cannot be asked. By default a 503 as everywhere: a page for guests must not hide
   * an outage. `'guest'`: whoever asks is one.
   */
  ifDown?: 'guest'
}

/** Headers to send with whatever the app answers, or an answer in its place. */
export type Looked<Data, Profile extends StoredProfile = StoredProfile> =
  | { session: Session<Data, Profile> | undefined; headers: Record<string, string>; refusal?: undefined }
  | { refusal: PlainAnswer }

/** Whose request it is: the same for every framework. `of` finds it under each of `keys` afterwards. */
export async function look<Data, Profile extends StoredProfile>(
  auth: Auth<Data, Profile>,
  kind: 'required' | 'optional',
  headers: PlainRequest['headers'],
  keys: object[],
  { ifDown }: SessionsOptions,
): Promise<Looked<Data, Profile>> {
  const { adapter } = auth
  try {
    const session = kind === 'required' ? await adapter.enter(headers) : await adapter.enterOptional(headers)
    for (const key of keys) adapter.remember(key, session)
    return { session, headers: adapter.headersFor(session) }
  } catch (error) {
    if (kind === 'optional' && ifDown === 'guest' && error instanceof StoreUnavailable) {
      return { session: undefined, headers: {} }
    }
    return { refusal: adapter.errorAnswer(error) }
  }
}

/** Below `prefix`, as the package's routes know it; undefined: not below it. */
export function below(prefix: string, path: string): string | undefined {
  const trimmed = prefix.replace(/^\/*|\/*$/g, '')
  if (trimmed === '') return path
  return path.startsWith(`/${trimmed}/`) ? path.slice(trimmed.length + 1) : undefined
}
