// SDKs that are not flat, to show that the soak can tell.

/** Wraps each client, and each clone, that `createClient` makes. */
function around(createClient, spoil) {
  const wrap = (client) =>
    Object.assign(Object.create(client), spoil(client), { extend: (options) => wrap(client.extend(options)) })
  return (options) => wrap(createClient(options))
}

const kept = []

export const FAULTS = {
  'keeps each answer': {
    expected: /memory grows/,
    spoil: (createClient) =>
      around(createClient, (client) => ({
        post: (...given) => {
          const task = client.post(...given)
          task.then(
            (answer) => kept.push(answer),
            () => undefined,
          )
          return task
        },
      })),
  },
  'forgets to end a timer for one request in a hundred': {
    expected: /timers are left/,
    spoil: (createClient) => (options) => {
      let n = 0
      const { clock, request } = options.platform
      const slow = (given) => {
        if (n++ % 100 === 0) clock.setTimeout(() => undefined, 1e12)
        return request(given)
      }
      return createClient({ ...options, platform: { ...options.platform, request: slow } })
    },
  },
  'listens to the network anew for each upload': {
    expected: /listeners are left/,
    spoil: (createClient) => (options) => {
      const { uploadFile, onNetworkStatusChange } = options.platform
      const upload = (given) => {
        onNetworkStatusChange(() => undefined)
        return uploadFile(given)
      }
      return createClient({ ...options, platform: { ...options.platform, uploadFile: upload } })
    },
  },
}
