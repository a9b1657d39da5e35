import { defineConfig } from 'vitest/config'

/** The tests that mutants have to get past: pure ones, without processes, threads and sockets. */
export default defineConfig({
  test: {
    include: [
      'test/proxy/strategies/*.test.ts',
      'test/proxy/core/*.test.ts',
      'test/laws/*.test.ts',
    ],
    // They measure: one in processes, which would not run the mutant, the other how long a pick takes.
    exclude: ['**/silence.test.ts', '**/readme.test.ts', '**/judge.test.ts', '**/mutants.test.ts'],
    setupFiles: ['test/mutation/setup.ts'],
    testTimeout: 20_000,
  },
})
