import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import ts from 'typescript'

const FOLDER = resolve(__dirname, '..')
const PAGES = ['README.md', 'README.zh-CN.md']

/** What the app has already where the README shows code, by what the code uses of it. */
const OF_THE_APP: readonly (readonly [RegExp, string])[] = [
  [/redisClient/, 'declare const redisClient: import("@redis/client").RedisClientType'],
  [
    /\busers\b/,
    'interface Users { idFor(openid: string, unionid?: string): Promise<string>; profile(user: string): Promise<object> }\ndeclare const users: Users',
  ],
  [
    /server\/mysql'/,
    `import { createAuth, wechat } from 'miniprogram-session-server'
import { sessions } from 'miniprogram-session-server/express'
import express from 'express'
declare const pool: import('mysql2').Pool
declare const app: express.Express
const rest = { namespace: 'shop', secrets: [''], apps: [wechat({ appid: '', secret: '' })] }
const s = { get required() { return sessions(auth).required } }`,
  ],
  [
    /^(?![^]*const auth = createAuth)[^]*\bauth\b/,
    "import { type Auth } from 'miniprogram-session-server'\ndeclare const auth: Auth",
  ],
  [/server\/express'/, "import express from 'express'\ndeclare const app: express.Express"],
  [/server\/fastify'/, "import { fastify } from 'fastify'\nconst app = fastify()"],
  [
    /server\/koa'/,
    "import Koa from 'koa'\ndeclare const app: Koa\ndeclare const router: { get(path: string, ...handlers: Koa.Middleware[]): void }",
  ],
  [
    /server\/nest'/,
    "import { Controller, Get, Module } from '@nestjs/common'\nimport type { Session } from 'miniprogram-session-server'",
  ],
  [/server\/fetch'/, "import { Hono } from 'hono'\nconst app = new Hono()"],
  [
    /await app\.phone/,
    "import type { Session } from 'miniprogram-session-server'\ndeclare const session: Session\ndeclare const code: string, encryptedData: string, iv: string, rawData: string, signature: string",
  ],
  [
    /server\/shutdown'/,
    "import pino_ from 'pino'\nimport { fastify } from 'fastify'\nimport type { Server } from 'node:http'\nconst pino = pino_()\nconst app = fastify()\ndeclare const server: Server\ndeclare function fail(): never",
  ],
]

function samples(page: string): { name: string; text: string }[] {
  const fences = readFileSync(join(FOLDER, page), 'utf8').matchAll(/^```(?:ts|js)\n([^]*?)^```/gm)
  return Array.from(fences, ([, code = ''], at) => ({
    name: join(FOLDER, '__tests__', `sample-${at}-of-${page}.ts`),
    text: `${moduleOf(code)}\nexport {}\n`,
  }))
}

/** With what it uses of the app; an ellipsis stands for what does not matter. */
function moduleOf(code: string): string {
  const given = OF_THE_APP.filter(([uses]) => uses.test(code)).map(([, text]) => text)
  return [...given, code.replace('{ store, … }', '{ store, ...rest }').replace(/, … /g, ' ')].join('\n')
}

function mistakesIn(files: readonly { name: string; text: string }[]): string[] {
  const from = (room: string) => [join(FOLDER, 'src', `${room}.ts`)]
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(FOLDER, 'tsconfig.json'), (file) => readFileSync(file, 'utf8')).config,
    ts.sys,
    FOLDER,
    {
      noUnusedLocals: false,
      experimentalDecorators: true,
      paths: {
        'miniprogram-session-server': from('index'),
        'miniprogram-session-server/redis': from('stores/redis'),
        'miniprogram-session-server/mysql': from('stores/mysql'),
        'miniprogram-session-server/prometheus': from('prometheus'),
        'miniprogram-session-server/shutdown': from('shutdown'),
        'miniprogram-session-server/testing': from('testing'),
        'miniprogram-session-server/*': from('adapters/*'),
      },
    },
  )
  const texts = new Map(files.map(({ name, text }) => [name, text]))
  const disk = ts.createCompilerHost(options)
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (file) => texts.has(file) || disk.fileExists(file),
    readFile: (file) => texts.get(file) ?? disk.readFile(file),
    getSourceFile: (file, target, ...rest) => {
      const text = texts.get(file)
      if (text === undefined) return disk.getSourceFile(file, target, ...rest)
      return ts.createSourceFile(file, text, target, true)
    },
  }
  const program = ts.createProgram([...texts.keys()], options, host)
  return ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ file, messageText }) =>
        `${file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    )
}

test('all code of the README compiles, in both languages, and what does not is told', () => {
  const all = PAGES.flatMap(samples)
  expect(all.length).toBeGreaterThan(14)
  const [{ text } = { text: '' }] = all
  const wrong = { name: join(FOLDER, '__tests__', 'wrong.ts'), text: text.replace('appid:', 'appId:') }
  const mistakes = mistakesIn([...all, wrong])
  expect(mistakes).toEqual([expect.stringMatching(/wrong\.ts: .*appId/)])
}, 60_000)
