import type { PolicySpec } from '../../../simulator/policy.ts'
import type { Scenario } from '../../../simulator/scenario.ts'
import { altered, type NumberPart, type Part, type Sentence, without } from './part.ts'

/** **1** proxy sees who is busy **at once**, waits **as long as it takes**, tries again **never**. */
export function policySentence(scenario: Scenario): Sentence {
  const { information, policy = {}, proxies = 1 } = scenario
  const { checks, ejection, retries, timeout } = policy
  const set = (changes: { [K in keyof PolicySpec]?: PolicySpec[K] | undefined }): Scenario => {
    const changed = without({ ...policy, ...changes }) as PolicySpec
    return altered(scenario, { policy: Object.keys(changed).length === 0 ? undefined : changed })
  }
  const parts: Part[] = [
    {
      kind: 'number',
      label: 'Proxies, each of which knows only of its own requests',
      value: proxies,
      unit: '',
      min: 1,
      max: 100,
      limit: 10_000,
      whole: true,
      log: true,
      set: (value) => altered(scenario, { proxies: value === 1 ? undefined : value }),
    },
    proxies === 1 ? ' proxy sees' : ' proxies see',
    ' who is busy ',
    orNot({
      label: 'How old the news are that strategies choose by',
      value: information?.every,
      words: (every) => `every ${spanWords(every)}`,
      never: 'at once',
      unit: 'ms',
      max: 20_000,
      set: (every) =>
        altered(scenario, { information: every === undefined ? undefined : { every } }),
    }),
    ', waits ',
    orNot({
      label: 'How long one try may take',
      value: timeout,
      words: (value) => `at most ${spanWords(value)}`,
      never: 'as long as it takes',
      unit: 'ms',
      max: 30_000,
      set: (value) => set({ timeout: value }),
    }),
    ' for an answer, and tries again ',
    orNot({
      label: 'How often a request may be tried again',
      value: retries?.attempts,
      words: (value) => (value === 1 ? 'once' : `up to ${value} times`),
      never: 'never',
      unit: '',
      max: 5,
      set: (value) =>
        set({
          retries:
            value === undefined
              ? undefined
              : { ...(retries ?? { afterAnswers: true, afterTimeout: true }), attempts: value },
        }),
    }),
    '. Who fails ',
    orNot({
      label: 'Failures in a row after which a server is put aside for a while',
      value: ejection?.consecutive,
      words: (value) => (value === 1 ? 'once' : `${value} times in a row`),
      never: 'however often',
      unit: '',
      max: 20,
      set: (value) =>
        set({
          ejection:
            value === undefined
              ? undefined
              : {
                  ...(ejection ?? { base: 10_000, max: 60_000, share: 0.5 }),
                  consecutive: value,
                },
        }),
    }),
    ejection === undefined ? ' stays in; ' : ' is put aside for a while; ',
    'health is checked ',
    orNot({
      label: 'How often health is checked',
      value: checks?.interval,
      words: (value) => `every ${spanWords(value)}`,
      never: 'never',
      unit: 'ms',
      max: 30_000,
      set: (value) =>
        set({
          checks:
            value === undefined
              ? undefined
              : { ...(checks ?? { timeout: value / 2, fall: 2, rise: 2 }), interval: value },
        }),
    }),
    '.',
  ]
  return { title: 'Rules', parts }
}

/** For **5 min**, of which **auto** is not counted; dice thrown from **1**. */
export function runSentence(scenario: Scenario): Sentence {
  const { duration, seed } = scenario
  return {
    title: 'Run',
    parts: [
      'For ',
      {
        kind: 'number',
        label: 'How long requests come, in seconds',
        value: duration / 1000,
        unit: 's',
        min: 1,
        max: 3600,
        limit: 1e6,
        log: true,
        set: (value) => altered(scenario, { duration: value * 1000 }),
      },
      ', dice by seed ',
      {
        kind: 'number',
        label: 'Seed: the same seed gives the same run',
        value: seed,
        unit: '',
        min: 0,
        max: 100,
        limit: 2 ** 32 - 1,
        whole: true,
        set: (value) => altered(scenario, { seed: value }),
      },
      '.',
    ],
  }
}

interface OrNot {
  readonly label: string
  readonly value: number | undefined
  readonly words: (value: number) => string
  readonly never: string
  readonly unit: string
  readonly max: number
  readonly set: (value: number | undefined) => Scenario
}

/** A number that may be left out: 0 says so. */
function orNot({ label, max, never, set, unit, value, words }: OrNot): NumberPart {
  return {
    kind: 'number',
    label: `${label}; 0: ${never}`,
    value: value ?? 0,
    words: value === undefined ? never : words(value),
    unit,
    min: 0,
    max,
    limit: unit === '' ? 1000 : 1e9,
    whole: unit === '',
    set: (given) => set(given === 0 ? undefined : given),
  }
}

/** `500 ms`, `4 s`. */
function spanWords(milliseconds: number): string {
  return milliseconds < 1000
    ? `${milliseconds} ms`
    : `${Number((milliseconds / 1000).toFixed(3))} s`
}
