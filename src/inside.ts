/**
 * Under which a client, its tasks and a request keep what entries may use and users do not see: the door (`entry/door.ts`), the
 * controls (`call/task.ts`) and the sink (`call/sink.ts`). Copies of such an object have it too.
 */
export const INSIDE = Symbol('inside')
