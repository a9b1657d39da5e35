import type { Ask, Case, Guess, Lesson } from './lesson.ts'

/** The order that a reader laid, as a case like the others. */
export function yours({ cases }: Pick<Lesson, 'cases'>, order: readonly number[]): Case {
  return { ...cases[0], id: 'yours', label: 'your order', order }
}

/** Where the reader begins. */
export function firstGuess(ask: Ask): Guess {
  switch (ask.kind) {
    case 'rank':
      return { kind: 'rank', order: ask.cases }
    case 'bars':
      return { kind: 'bars', values: ask.cases.map(() => ask.start) }
    case 'curve':
      return { kind: 'curve', values: ask.points.map(() => ask.start) }
    case 'choice':
      return { kind: 'choice', option: -1 }
    case 'deal':
  }
  return { kind: 'deal', order: ask.start }
}
