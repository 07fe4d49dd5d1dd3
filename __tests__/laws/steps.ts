import type { AbortMode } from '../../src/testing'
import type { StoreOperation } from './model/store'
import type {
  AskKind,
  CallKind,
  CheckMood,
  Deed,
  ExchangeMood,
  LoginMood,
  RefreshMood,
  RequestMood,
  StreamMood,
} from './model/words'

/** What the user or the app does. */
export type Doing =
  | { do: 'send'; kind: CallKind; copy: number; viaClone: boolean; count: number }
  | { do: 'ensureLogin'; kind: AskKind; data: string; copy: number }
  | { do: 'setSession'; isLive: boolean; copy: number }
  | { do: 'logout'; copy: number }
  | { do: 'abort'; which: number }
  | { do: 'listener'; hears: string; deed: Deed }

/** What comes about by itself: answers, time, tokens that end. */
export type Course =
  | { do: 'answers'; count: number }
  | { do: 'time'; ms: number }
  | { do: 'kill tokens' }
  | { do: 'lock'; isOn: boolean }
  | { do: 'kill session_key' }
  | { do: 'lives'; seconds: number | undefined }

/** What WeChat, the server or the phone does wrong. */
export type Disturbance =
  | { do: 'login mood'; mood: LoginMood }
  | { do: 'check mood'; mood: CheckMood }
  | { do: 'request mood'; mood: RequestMood }
  | { do: 'exchange mood'; mood: ExchangeMood; count: number }
  | { do: 'refresh mood'; mood: RefreshMood; count: number }
  | { do: 'stream mood'; mood: StreamMood }
  | { do: 'outage'; isOn: boolean }
  | { do: 'host'; which: number; isDown: boolean }
  | { do: 'abort mode'; mode: AbortMode }
  | { do: 'store'; isWell: boolean; what: StoreOperation | 'all' }
  | { do: 'network'; isOn: boolean }
  | { do: 'network change' }
  | { do: 'background'; isBack: boolean }
  | { do: 'clock'; ms: number }
  | { do: 'sleep'; ms: number }

/** One thing that happens. */
export type Step = Doing | Course | Disturbance
