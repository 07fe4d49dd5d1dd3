import { randomBytes } from 'node:crypto'
import { SCHEMA } from '../stores/sql/schema.ts'

export function schemaCommand([kind = '']: string[]): Promise<number> {
  if (kind !== 'mysql' && kind !== 'postgres') {
    return Promise.reject(new Error('Of which database? schema mysql, or schema postgres.'))
  }
  process.stdout.write(SCHEMA[kind])
  return Promise.resolve(0)
}

export function secretCommand(): Promise<number> {
  process.stdout.write(`${randomBytes(32).toString('hex')}\n`)
  return Promise.resolve(0)
}
