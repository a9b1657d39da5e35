import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** Tests start some hundred programs of ours: each finds here what another has compiled of the same text. */
process.env.NODE_COMPILE_CACHE = fileURLToPath(
  new URL('node_modules/.cache/evenkeel-tests', import.meta.url),
)

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
    // By itself vitest leaves one processor idle: of two, half of them.
    maxWorkers: '100%',
  },
})
