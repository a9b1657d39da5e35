import { mkdirSync, writeFileSync } from 'node:fs'
import type { Machine } from './machine.ts'

/**
 * Writes a run where results are checked in, as `NAME-DATE-COMMIT` for programs (.json) and for people (.md), and says under
 * which name.
 */
export function save(name: string, machine: Machine, result: object, markdown: string): string {
  const folder = new URL('results/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  const file = `${name}-${machine.date.slice(0, 10)}-${machine.commit.replace('+', '-changed')}`
  writeJson(new URL(`${file}.json`, folder), result)
  writeFileSync(new URL(`${file}.md`, folder), markdown)
  return `experiments/bench/results/${file}`
}

export function writeJson(file: string | URL, result: object): void {
  writeFileSync(file, JSON.stringify(result, rounded, 2) + '\n')
}

/** Six figures are below the noise of all that is measured here. */
function rounded(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? +value.toPrecision(6) : value
}
