import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** Tests start some hundred programs of ours: each finds here what another has compiled of the same text. */
process.env.NODE_COMPILE_CACHE = fileURLToPath(
  new URL('node_modules/.cache/evenkeel-tests', import.meta.url),
)

/**
 * Pure code has no state that files could leave to each other, so those who test it share a process: of 52 s of processor time for a
 * hundred files 21 go. Not those that measure time, or start threads.
 */
const PURE = [
  'test/proxy/{core,strategies}/*.test.ts',
  'test/simulator/{arrivals,distributions,fit,statistics,theory,trace}/*.test.ts',
]
const ALONE = ['test/proxy/core/lock.test.ts', 'test/proxy/strategies/readme.test.ts']

export default defineConfig({
  test: {
    coverage: {
      provider: 'v8',
      include: ['proxy/http/**/*.ts'],
      reporter: ['text', 'json-summary'],
      reportOnFailure: true,
      // `npm run coverage` fails below. test/proxy/http/README.md lists what is not reached, and why.
      thresholds: { branches: 95 },
    },
    projects: [
      {
        extends: true,
        test: { name: 'pure', include: PURE, exclude: ALONE, isolate: false },
      },
      {
        extends: true,
        test: { name: 'each', include: ['test/**/*.test.ts'], exclude: PURE },
      },
      { extends: true, test: { name: 'alone', include: ALONE } },
    ],
    globalSetup: 'test/dashboard/built.ts',
    testTimeout: 20_000,
    // By itself vitest leaves one processor idle: of two, half of them.
    maxWorkers: '100%',
  },
})
