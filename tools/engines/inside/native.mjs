/** Promises as the engine has them: it runs them when the script has ended. */
export const start = (main) => void main()
