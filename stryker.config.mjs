/**
 * `npm run mutate`: what does a test suite miss? Stryker breaks the code in some hundred small ways, one at a time, and runs the
 * tests that reach the place. A mutant that no test notices has survived: see test/mutation/README.md.
 */
export default {
  mutate: ['proxy/strategies/*.ts', 'proxy/core/{balancer,in-flight}.ts'],
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutation/vitest.config.ts' },
  plugins: ['@stryker-mutator/vitest-runner', './stryker.config.mjs'],
  ignorers: ['initial-servers'],
  // Only the tests that reach a mutant are run for it.
  coverageAnalysis: 'perTest',
  // What runs once when a file is loaded, such as the registry's table, would cost the whole suite a mutant.
  ignoreStatic: true,
  // A message may read differently and be as good.
  mutator: { excludedMutations: ['StringLiteral'] },
  concurrency: 2,
  timeoutMS: 10_000,
  timeoutFactor: 2,
  incremental: true,
  incrementalFile: 'reports/mutation/incremental.json',
  reporters: ['clear-text', 'html', 'json', 'progress-append-only'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  htmlReporter: { fileName: 'reports/mutation/index.html' },
  jsonReporter: { fileName: 'reports/mutation/mutation.json' },
  // TypeScript 7 has no API by which Stryker could adapt the compiler's settings to its copy of the tree; vitest needs none.
  tsconfigFile: 'none',
  tempDirName: '.stryker-tmp',
}

/** A strategy's `servers = []` is what it has before it is told: `update` comes before the first `pick`, so nothing depends on it. */
const initialServers = {
  shouldIgnore: (path) =>
    path.isClassProperty() && path.node.key.name === 'servers' ? 'update comes first' : undefined,
}

export const strykerPlugins = [{ kind: 'Ignore', name: 'initial-servers', value: initialServers }]
