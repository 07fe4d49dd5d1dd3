/**
 * The recipe found everywhere for packages without a 401 handling of their own: one flag, one queue. In its better
 * form, in which those who wait are told when the login fails.
 */
let isRefreshing = false
let waiting = []

export function afterLogin(login, resend) {
  if (isRefreshing) {
    return new Promise((resolve, reject) => waiting.push({ resolve, reject })).then(resend)
  }
  isRefreshing = true
  return login().then(
    () => {
      over().forEach(({ resolve }) => resolve())
      return resend()
    },
    (error) => {
      over().forEach(({ reject }) => reject(error))
      throw error
    },
  )
}

function over() {
  const told = waiting
  waiting = []
  isRefreshing = false
  return told
}
