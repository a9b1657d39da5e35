/** `npm run build`: makes the package that is published, in dist/package. Its files are where they are here, as JavaScript; the pages were built before. */
import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { manifestOf, type Manifest } from './manifest.ts'

const ROOT = new URL('../../', import.meta.url)
const TARGET = new URL('dist/package/', ROOT)
const COMPILER = fileURLToPath(new URL('node_modules/typescript/bin/tsc', ROOT))

/** Programs and threads are started by the addresses of their files, which the compiler takes for any text. */
const ADDRESS = /(new URL\('[^']+)\.ts('[),])/g

rmSync(TARGET, { recursive: true, force: true })
for (const project of ['tsconfig.json', 'tsconfig.types.json']) {
  const path = fileURLToPath(new URL(project, import.meta.url))
  execFileSync(process.execPath, [COMPILER, '-p', path], { stdio: 'inherit' })
}
for (const name of readdirSync(TARGET, { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.js')) continue
  const file = new URL(name, TARGET)
  const text = readFileSync(file, 'utf8')
  const addressed = text.replaceAll(ADDRESS, '$1.js$2')
  if (addressed !== text) writeFileSync(file, addressed)
}
cpSync(new URL('program.js', import.meta.url), new URL('program.js', TARGET))
chmodSync(new URL('program.js', TARGET), 0o755)
cpSync(new URL('dist/dashboard/', ROOT), new URL('dist/dashboard/', TARGET), { recursive: true })
for (const name of ['README.md', 'CHANGELOG.md', 'LICENSE']) {
  cpSync(new URL(name, ROOT), new URL(name, TARGET))
}
const manifest = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as Manifest
const published = manifestOf(manifest)
writeFileSync(new URL('package.json', TARGET), `${JSON.stringify(published, undefined, 2)}\n`)
console.log(`${published.name} ${published.version} is in dist/package: npm publish dist/package`)
