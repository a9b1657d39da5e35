#!/usr/bin/env node
// The program of the package. An older Node would stumble over the first file that it does not understand, and not say why.
const [major] = process.versions.node.split('.')
if (Number(major) < 24) {
  console.error(`evenkeel needs Node.js 24 or later, and this is ${process.version}`)
  process.exit(1)
}
await import('./cli.js')
