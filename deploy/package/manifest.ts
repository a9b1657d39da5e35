/** What the package's package.json takes from ours. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly license: string
  readonly engines: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
}

type Published = Manifest & Readonly<Record<string, unknown>>

const entry = (file: string): unknown => ({ types: `./${file}.d.ts`, default: `./${file}.js` })

/** Without scripts, without what only we need, and without a Node of its own: whoever installs it has one. */
export function manifestOf(own: Manifest): Published {
  const { dependencies, description, engines, license, name, version } = own
  return {
    name,
    version,
    description,
    license,
    keywords: ['load-balancing', 'proxy', 'simulator', 'least-connections', 'power-of-two-choices'],
    type: 'module',
    bin: { evenkeel: './program.js' },
    exports: {
      '.': entry('index'),
      './laws': entry('test/laws/kit'),
      './package.json': './package.json',
    },
    sideEffects: ['./program.js', './cli.js'],
    engines,
    dependencies,
  }
}
