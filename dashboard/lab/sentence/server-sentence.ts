import type { Scenario, ServerSpec } from '../../../simulator/scenario.ts'
import { type Part, rounded, type Sentence, without } from './part.ts'
import { singlesOf, withCount, withEach } from './servers.ts'

const UNLIMITED = Infinity

/** **10** servers with **1** worker each, one of them **5 ×** slower, that let **any number** wait. */
export function serverSentence(scenario: Scenario): Sentence {
  const singles = singlesOf(scenario).map(({ spec }) => spec)
  const count: Part = {
    kind: 'number',
    label: 'Servers',
    value: singles.length,
    unit: '',
    min: 1,
    max: 40,
    limit: 2000,
    whole: true,
    set: (value) => withCount(scenario, value),
  }
  const workers = same(singles, ({ workers = 1 }) => workers)
  const discipline = same(singles, ({ discipline = 'fifo' }) => discipline)
  const parts: Part[] = [count, singles.length === 1 ? ' server' : ' servers']
  if (discipline !== 'infinite') {
    parts.push(
      ' with ',
      {
        kind: 'number',
        label: 'Workers of each server',
        value: workers ?? 1,
        words: workers === undefined ? 'some' : String(workers),
        unit: '',
        min: 1,
        max: 16,
        limit: 10_000,
        whole: true,
        set: (value) => withEach(scenario, (spec) => without({ ...spec, workers: value })),
      },
      workers === 1 ? ' worker each' : ' workers each',
    )
  }
  parts.push(...slowness(scenario, singles), ', and requests ', waiting(scenario, discipline))
  if (discipline !== 'infinite') parts.push(...room(scenario, singles))
  return { title: 'Servers', parts: [...parts, '.'] }
}

function slowness(scenario: Scenario, singles: readonly ServerSpec[]): Part[] {
  if (singles.length < 2) return []
  const speeds = singles.map(({ speed = 1 }) => speed)
  const others = new Set(speeds.slice(0, -1))
  if (others.size > 1) return [', of unequal speeds']
  const factor = rounded(speeds[0] / speeds[speeds.length - 1])
  const last = singlesOf(scenario).at(-1)!.id
  return [
    factor === 1 ? ', all ' : ', one of them ',
    {
      kind: 'number',
      label: `How many times slower ${last} is`,
      value: factor,
      words: factor === 1 ? 'equally fast' : `${factor} ×`,
      unit: '',
      min: 1,
      max: 50,
      limit: 100_000,
      log: true,
      set: (value) =>
        withEach(scenario, (spec, index, count) => {
          const speed = index === count - 1 ? (speeds[0] ?? 1) / value : (spec.speed ?? 1)
          return without({ ...spec, speed: speed === 1 ? undefined : speed }) as ServerSpec
        }),
    },
    factor === 1 ? '' : factor < 1 ? ' as slow' : ' slower',
  ]
}

function waiting(scenario: Scenario, discipline: string | undefined): Part {
  return {
    kind: 'choice',
    label: 'How requests wait at a server',
    value: discipline ?? 'fifo',
    options: [
      ['fifo', 'wait in line'],
      ['lifo', 'wait, the latest first'],
      ['sharing', 'share the workers'],
      ['infinite', 'never wait'],
    ],
    set: (value) =>
      withEach(scenario, (spec) => {
        const own = value === 'fifo' ? undefined : (value as ServerSpec['discipline'])
        return without({ ...spec, discipline: own }) as ServerSpec
      }),
  }
}

/** How many may wait; the slider's right end is no limit. */
function room(scenario: Scenario, singles: readonly ServerSpec[]): Part[] {
  const queue = same(singles, ({ queue = UNLIMITED }) => queue) ?? UNLIMITED
  const most = 200
  return [
    ', ',
    {
      kind: 'number',
      label: 'How many may wait at a server',
      value: Math.min(queue, most),
      words: queue === UNLIMITED ? 'any number' : `at most ${queue}`,
      unit: '',
      min: 0,
      max: most,
      limit: most,
      whole: true,
      set: (value) =>
        withEach(
          scenario,
          (spec) => without({ ...spec, queue: value >= most ? undefined : value }) as ServerSpec,
        ),
    },
    ' of them',
  ]
}

function same<T>(singles: readonly ServerSpec[], of: (spec: ServerSpec) => T): T | undefined {
  const first = of(singles[0])
  return singles.every((spec) => of(spec) === first) ? first : undefined
}
