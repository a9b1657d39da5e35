import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { EXPERIMENTS } from './load-scenario.ts'

/** The experiments that come along, each with the question of its README. */
export function listExperiments(): string {
  const names = readdirSync(EXPERIMENTS).filter((name) =>
    existsSync(join(EXPERIMENTS, name, 'scenario.ts')),
  )
  if (names.length === 0) return 'There are none.\n'
  const width = Math.max(...names.map((name) => name.length))
  return names.map((name) => `${name.padEnd(width)}  ${titleOf(name)}`.trimEnd() + '\n').join('')
}

function titleOf(name: string): string {
  const file = join(EXPERIMENTS, name, 'README.md')
  if (!existsSync(file)) return ''
  return /^# (.*)$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? ''
}
