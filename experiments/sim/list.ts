import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isMapping } from '../../proxy/core/problems.ts'
import { wrapWords } from '../../simulator/format.ts'
import { experiments } from './load-scenario.ts'

const INDEX = new URL('../README.md', import.meta.url)

/** The experiments that come along, in the order of their index, each with its question and what it found. */
export function listExperiments(width: number): string {
  const all = experiments()
  if (all.length === 0) return 'There are none.\n'
  const index = existsSync(INDEX) ? readFileSync(INDEX, 'utf8') : ''
  // One that the index does not have comes last.
  const place = (name: string): number => index.indexOf(`](${name}/`) + 1 || Infinity
  all.sort((a, b) => place(a.name) - place(b.name) || (a.name < b.name ? -1 : 1))
  return all
    .map(({ folder, name }) => [name, ...told(folder, width - 2).map((line) => `  ${line}`)])
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n')
}

/** As its results have it; they are made, so that they are never other than what was found. */
function told(folder: string, width: number): string[] {
  const file = join(folder, 'results.json')
  if (!existsSync(file)) return []
  const results: unknown = JSON.parse(readFileSync(file, 'utf8'))
  if (!isMapping(results)) return []
  const texts = [results['question'], results['answer']].filter((each) => typeof each === 'string')
  return texts.flatMap((text) => wrapWords(text, width))
}
