// Tests of the laws by what a platform must have for them. See exceptions.mjs.

/** Answers in pieces. */
export const CHUNKS = [
  'law 16: only the answer that counts is heard of an attempt that is refused no chunk and no head is heard, of the replay all',
  'law 16: only the answer that counts is heard nor of one that is tried again',
  'law 16: only the answer that counts is heard ten streams with a dead token: one login, and no byte of a refusal in any of them',
  'law 16: chunks are held until the status is known with a token that nothing has been accepted with, a chunk without a status waits for it',
  'law 16: chunks are held until the status is known if the status says that it is refused, the chunk is never heard',
  'law 16: chunks are held until the status is known with a token that has been accepted it is heard at once',
  'law 16: chunks are held until the status is known a chunk that comes after its head is heard at once, whatever the token',
  'law 16: chunks are held until the status is known a 201 opens one',
  'law 16: chunks are held until the status is known a 206 opens one',
  'law 16: chunks are held until the status is known a 302 opens one',
  'law 16: a back end that says it in the body JSON is held until it is whole, and judged: the refusal is not heard, the request goes again',
  'law 16: a back end that says it in the body until then nothing of the JSON is heard',
  'law 16: a back end that says it in the body application/x-ndjson is heard as it comes',
  'law 16: a back end that says it in the body application/ndjson is heard as it comes',
  'law 16: a back end that says it in the body text/event-stream is heard as it comes',
  'law 16: a back end that says it in the body text/plain is heard as it comes',
  'law 16: a back end that says it in the body without an isUnauthorized of the app, JSON is heard as it comes too',
  'law 16: once a chunk has been heard the request is not sent again a GET that is cut after two chunks rejects, after these two',
  'law 16: once a chunk has been heard the request is not sent again nor to the next base URL',
  'law 16: once a chunk has been heard the request is not sent again nor after a change of network',
  'law 16: once a chunk has been heard the request is not sent again nor when the app comes back to the front',
  'law 16: once a chunk has been heard the request is not sent again one that is cut before a chunk was heard is tried again as ever',
  'law 16: once a chunk has been heard the request is not sent again a 401 after a chunk rejects, and the token goes on serving others: it is no refusal',
]

/** The status, known from the head. */
export const STATUS_IN_HEAD = [
  'law 16: only the answer that counts is heard nor the head of a refused get, though nothing of it comes in pieces',
  'law 16: only the answer that counts is heard nor the head of a refused uploadFile, though nothing of it comes in pieces',
]

/** A download that was refused, told by its status. */
export const STATUS_OF_DOWNLOAD = [
  'law 16: only the answer that counts is heard nor the head of a refused downloadFile, though nothing of it comes in pieces',
]

/** Answers of calls that a cache has given, and says so. */
export const CACHES = [
  'law 5: a code is used once a cached answer of wx.login is no code: it is never exchanged',
  'law 5: a code is used once a cache that answers every time ends the login with words about the cache',
  'law 5: a code is used once an answer of the exchange out of a cache is none: another code is taken',
  'law 5: a code is used once an answer of the check out of a cache is none: the session is not confirmed by it, nor replaced',
]

/** A user whom the platform itself blocks, with a number for it. */
export const BLOCKED = [
  'law 6: failure is shared, then over a login that wx blocks ends the login with a code of its own',
  'law 6: failure is shared, then over a blocked user is not asked to log in a second time by the same login',
  'law 6: what the pause counts what WeChat answers',
  'law 10: nothing good is thrown away a forced login that fails deletes nothing',
]

/** Pages that were opened from Moments. */
export const MOMENTS = [
  'law 6: failure is shared, then over a page opened from Moments is told so, and nothing is asked of WeChat',
]

/** A change of network, told as such. */
export const NETWORK_CHANGE = [
  'law 17: a change of network is tried again at once',
  'law 17: a change of network also where the token is a word of what WeChat says: "g"',
  'law 17: a change of network also where the token is a word of what WeChat says: "network"',
  'law 17: a change of network also where the token is a word of what WeChat says: "change"',
  'law 17: a change of network is no reason to leave a base URL, for nobody',
]

/** An interruption, told as such while the app is in front. */
export const INTERRUPTED_IN_FRONT = [
  'law 17: in the background an interruption that is heard in front is tried again at once',
  'law 17: in the background and it counts: it does not go on for ever',
  'law 17: in the background a POST whose interruption is heard in front is not sent again',
]

/** A file that no try will take, told as such. */
export const HOPELESS_FILES = [
  'law 17: only what may help is tried again nor is a download tried again for a file that is too big',
  'law 17: only what may help is tried again nor is a download tried again for a file that is too big, with its number',
  'law 17: only what may help is tried again nor is a download tried again for a storage that is full',
]

/** A connection that was never made, told as such. */
export const NEVER_CONNECTED = [
  'law 9: everything settles a base URL that cannot be reached hands over to the next, and each request settles',
]

/** A missing network, told by the failure itself. */
export const OFFLINE = [
  'law 14: a refresh that fails without a network the login fails for want of one, and the session stays to be refreshed',
]

/** Words of the network that quote an address. */
export const QUOTED = [
  'law 13: the token stays home no query that WeChat quotes shows in an error: it may hold any secret',
]

/** What only a check of the session can bring about. */
export const CHECK = [
  'law 9: everything settles a phone without a network fails everything soon, and nothing is left behind',
  'law 7: logout wins a request that waits for the check is rejected',
  'law 12: another copy may have logged in a failed check adopts what another copy has stored since',
  'law 6: failure is shared, then over a forced login that joins another one shares its failure, whatever is known',
  'law 3: nobody walks into a closing door a login that only a failed check has begun closes no door: requests go on with the token they have',
  'law 3: nobody walks into a closing door nor one of a check that fails within the call, for those that queue for a lane either',
  'law 3: nobody walks into a closing door once it has brought a token, that is the one they go out with',
  'law 3: nobody walks into a closing door but the door closes when the token is refused',
  'law 3: nobody walks into a closing door but the door closes when a listener that hears of a send forces a login: that request waits',
  'law 3: nobody walks into a closing door but the door closes when the token expires',
  'law 3: nobody walks into a closing door but the door closes when a forced login joins',
  'law 8: checkSession once per launch background: one check serves everybody, for the whole launch',
  'law 8: checkSession once per launch blocking: one check serves everybody, for the whole launch',
  "law 8: checkSession once per launch 'background': a request with a stored token does not wait for the check, ensureLogin does",
  "law 8: checkSession once per launch 'blocking': the first requests wait for the check",
  "law 8: checkSession once per launch false: nothing is asked of WeChat, except by 'verified'",
  "law 8: checkSession once per launch 'verified' waits for the check whatever the mood",
  'law 8: checkSession once per launch a check that fails leads to one login, and everybody goes out with the new token',
  'law 8: checkSession once per launch when the login after a failed check fails, background requests go on with the token they have',
  'law 8: checkSession once per launch … while ensureLogin, verified and blocking requests fail, and try again the next time',
  'law 8: checkSession once per launch a check that never answers counts as passed after 3 s',
  'law 8: checkSession once per launch a failure within the call lets everybody wait for the login',
  'law 8: checkSession once per launch a login that ends while the check is being asked makes its answer meaningless',
  'law 8: checkSession once per launch a login by refresh leaves the check to be made: WeChat’s own session is as it was',
  'law 8: checkSession once per launch a failed check is answered by a code, not by refresh: the dead session_key would stay',
  'law 8: checkSession once per launch a session that a slow store gives up late is an old one all the same: it is checked',
  'law 8: checkSession once per launch a hundred requests with a check that keeps failing ask it once',
  "law 8: checkSession once per launch an 'optional' request does not bring about the check, whose failure would be a login",
  "law 8: where a code is no part of the login with code: false nothing is asked of WeChat, except by 'verified'",
  "law 8: where a code is no part of the login with autoLogin: false nothing is asked of WeChat, except by 'verified'",
  "law 19: the check 'verified' asks for it, and where it fails rejects with LOGIN_REQUIRED",
  "law 19: the check where it passes 'verified' goes out",
  'law 9: everything settles a request that waits for the check can be aborted: it rejects at once and goes nowhere',
  'law 9: everything settles a request that waits for the check ends at its totalTimeout',
  'law 9: everything settles a request that a listener aborts on hearing of the failed login does not go out after its end',
]

/** What only the head of an answer tells of an upload or a download. */
export const HEADS_OF_TRANSFERS = [
  'law 20: a rotated token is one more of the same session the head of an downloadFile serves',
  'law 20: a rotated token is one more of the same session the head of an uploadFile serves',
]

/** The head of an answer, told at all. */
export const HEADS = [
  ...HEADS_OF_TRANSFERS,
  ...STATUS_IN_HEAD,
  'law 16: only the answer that counts is heard nor the head of a refused downloadFile, though nothing of it comes in pieces',
]

/** A body that is text and no JSON. */
export const TEXT_BODIES = ['law 15: what was given is what is sent a string travels as it is']

/** The headers of an answer with an error status. */
export const HEADERS_OF_REFUSALS = [
  'law 15: what was given is what is sent a retry sends what the first try sent',
  'law 20: when a token is taken an accepted answer of 302 brings one',
  'law 20: when a token is taken an accepted answer of 404 brings one',
  'law 20: when a token is taken an accepted answer of 422 brings one',
  'law 5: a code is used once it waits before that, for as long as the server asks for',
]

/** The body of an answer with an error status. */
export const BODIES_OF_REFUSALS = [
  'law 13: the token stays home a login answered 400 with its own code does not show it',
  'law 13: the token stays home a login answered 500 with its own code does not show it',
]

/** A call that throws, which no try helps against. */
export const THROWS = [
  'law 1: one login wx.login that throws before it returns fails for all who wait, once, and the next call logs in',
]
