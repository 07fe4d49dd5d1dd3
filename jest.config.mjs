import { availableParallelism } from 'node:os'
import { platformLaws } from './__tests__/laws/platforms/exceptions.mjs'
import { builtTests } from './tools/build/built-tests.mjs'
import { ADAPTERS } from './tools/build/entries.mjs'

const adapters = `(${ADAPTERS.join('|')})`

/** One project per kind of test, on the TypeScript sources through ts-jest; `built` on what is published. */
const base = {
  testEnvironment: 'node',
  moduleNameMapper: {
    '^miniprogram-session$': '<rootDir>/src/index.ts',
    '^miniprogram-session/(testing|stream|socket|page|cache|ui)$': '<rootDir>/src/$1/index.ts',
    [`^miniprogram-session/${adapters}$`]: '<rootDir>/src/platforms/$1.ts',
    '^miniprogram-session-server$': '<rootDir>/server/src/index.ts',
    '^miniprogram-session-server/(redis|mysql)$': '<rootDir>/server/src/stores/$1.ts',
    '^miniprogram-session-server/(fastify)$': '<rootDir>/server/src/adapters/$1.ts',
    '^miniprogram-session-server/(shutdown|testing)$': '<rootDir>/server/src/$1.ts',
  },
  // Types are checked once, by `npm run types`; here each file is only transpiled.
  transform: { '\\.ts$': ['ts-jest', { tsconfig: '<rootDir>/tsconfig.jest.json', diagnostics: false }] },
}
const project = (name, options) => ({ ...base, displayName: name, ...options })

export default {
  // More than there are cores: the tests of servers wait for real deadlines, and whoever waits needs none. On two cores that is a
  // quarter of the time.
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
  // Real sockets on a busy machine: nothing sleeps, but what takes 0.1 s may take ten.
  testTimeout: 30_000,
  projects: [
    project('unit', {
      testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
      testPathIgnorePatterns: ['/__tests__/e2e/', '/__tests__/fuzz/', '/__tests__/laws/'],
    }),
    project('laws', { testMatch: ['<rootDir>/__tests__/laws/**/*.test.ts'] }),
    // The same on each platform that differs: its fake, through its adapter.
    ...platformLaws.map(({ platform, exceptions, without, lanes }) =>
      project(`laws-${platform}`, {
        testMatch: ['<rootDir>/__tests__/laws/**/*.test.ts'],
        testEnvironment: '<rootDir>/__tests__/laws/platforms/environment.mjs',
        testEnvironmentOptions: { platform, exceptions, without, lanes },
        moduleNameMapper: {
          ...base.moduleNameMapper,
          '^(\\.\\./)+src/testing$': '<rootDir>/__tests__/laws/platforms/testing.ts',
        },
      }),
    ),
    project('built', {
      testMatch: builtTests(),
      globalSetup: '<rootDir>/tools/build/fresh.mjs',
      setupFiles: ['<rootDir>/tools/build/few-stories.js'],
      moduleNameMapper: {
        '^(\\.\\./)+src$': '<rootDir>/miniprogram_dist/index.js',
        '^(\\.\\./)+src/(stream|socket|page|cache|ui)$': '<rootDir>/miniprogram_dist/$2.js',
        '^miniprogram-session$': '<rootDir>/miniprogram_dist/index.js',
        '^miniprogram-session/(stream|socket|page|cache|ui)$': '<rootDir>/miniprogram_dist/$1.js',
        [`^(\\.\\./)+src/platforms/${adapters}$`]: '<rootDir>/miniprogram_dist/$2.js',
        [`^miniprogram-session/${adapters}$`]: '<rootDir>/miniprogram_dist/$1.js',
        '^miniprogram-session/testing$': '<rootDir>/src/testing/index.ts',
      },
    }),
    project('fuzz', { testMatch: ['<rootDir>/__tests__/fuzz/**/*.test.ts'] }),
    project('e2e', { testMatch: ['<rootDir>/__tests__/e2e/**/*.test.ts'] }),
    project('server', { testMatch: ['<rootDir>/example-server/__tests__/**/*.test.ts'] }),
    project('server-package', { testMatch: ['<rootDir>/server/__tests__/**/*.test.ts'] }),
    project('preview', {
      testMatch: [
        '<rootDir>/example-miniprogram/preview/__tests__/{compile,miniprogram,server,static}/*.test.ts',
      ],
    }),
    project('browser', {
      testMatch: [
        '<rootDir>/example-miniprogram/**/__tests__/e2e/**/*.test.ts',
        '<rootDir>/docs/__tests__/*.test.ts',
      ],
      testPathIgnorePatterns: ['/figures\\.test\\.ts$'],
    }),
    // By itself: how long one waits is no figure of the preview's while the site is tested beside it.
    project('figures', { testMatch: ['<rootDir>/example-miniprogram/**/__tests__/e2e/figures.test.ts'] }),
  ],
  collectCoverageFrom: ['src/**/*.ts'],
  coverageDirectory: 'coverage',
}
