/**
 * Where the server is. On a phone this must be an address the phone can reach: your computer's in the local
 * network while developing, an https domain from the console's list afterwards.
 */
export const SERVER = 'http://127.0.0.1:3000'
