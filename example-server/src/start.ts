import type { FastifyInstance } from 'fastify'

/** What is the reader's to mend: one line or a list, and no stack. */
export async function orEnd<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    process.exit(1)
  }
}

export async function listen(
  app: FastifyInstance,
  { host, port }: { host: string; port: number },
): Promise<string> {
  try {
    return await app.listen({ port, host })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE')
      console.error(`Port ${port} is taken: stop what uses it, or set PORT to another one.`)
    else if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      console.error(
        `HOST is "${host}", which is no address of this machine: 127.0.0.1 and 0.0.0.0 always are.`,
      )
    else throw error
    process.exit(1)
  }
}
