import type { Scenario } from '../../../simulator/scenario.ts'

/** A piece of a sentence about a scenario: words, or something that can be set, which gives another scenario. */
export type Part = string | NumberPart | ChoicePart

export interface NumberPart {
  readonly kind: 'number'
  /** What it is, as a label. */
  readonly label: string
  readonly value: number
  readonly unit: string
  /** As the sentence has it, where that is not the number. */
  readonly words?: string
  /** What its slider reaches; a number may be typed beyond, up to `limit`. */
  readonly min: number
  readonly max: number
  readonly limit?: number
  readonly whole?: boolean
  /** Each step of the slider is as much more in proportion. */
  readonly log?: boolean
  readonly set: (value: number) => Scenario
}

export interface ChoicePart {
  readonly kind: 'choice'
  readonly label: string
  readonly value: string
  readonly options: readonly (readonly [value: string, words: string])[]
  readonly set: (value: string) => Scenario
}

export interface Sentence {
  readonly title: string
  readonly parts: readonly Part[]
}

/** The scenario with these fields; those that are undefined are left out, as plain data has it. */
export function altered(
  scenario: Scenario,
  changes: { [K in keyof Scenario]?: Scenario[K] | undefined },
): Scenario {
  return without({ ...scenario, ...changes }) as unknown as Scenario
}

/** The same for a part of it. */
export function without<T extends object>(given: T): T {
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as unknown as T
}

/** A number as people say it: no more digits than mean something. */
export function rounded(value: number, digits = 3): number {
  return Number(value.toPrecision(digits))
}
