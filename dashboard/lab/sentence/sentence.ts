import type { Scenario } from '../../../simulator/scenario.ts'
import type { Sentence } from './part.ts'
import { policySentence, runSentence } from './policy-sentence.ts'
import { serverSentence } from './server-sentence.ts'
import { tidied } from './servers.ts'
import { trafficSentence, workSentence } from './traffic-sentence.ts'

/** A scenario as sentences, in which every number can be set. What comes of it can be run. */
export function sentencesOf(scenario: Scenario): Sentence[] {
  const sentences = [
    serverSentence(scenario),
    trafficSentence(scenario),
    workSentence(scenario),
    policySentence(scenario),
    runSentence(scenario),
  ]
  return sentences.map(({ parts, title }) => ({
    title,
    parts: parts.map((part) => {
      if (typeof part === 'string') return part
      if (part.kind === 'number')
        return { ...part, set: (value: number) => tidied(part.set(value)) }
      return { ...part, set: (value: string) => tidied(part.set(value)) }
    }),
  }))
}

/** The same as one text, for whoever wants to read it. */
export function textOf(sentences: readonly Sentence[]): string {
  return sentences.map(({ parts }) => parts.map(wordsOf).join('')).join(' ')
}

function wordsOf(part: Sentence['parts'][number]): string {
  if (typeof part === 'string') return part
  if (part.kind === 'number') {
    return part.words ?? (part.unit === '' ? String(part.value) : `${part.value} ${part.unit}`)
  }
  return part.options.find(([value]) => value === part.value)?.[1] ?? part.value
}
