import { meanRate, type ArrivalSpec } from '../../../simulator/arrivals.ts'
import type { DistributionSpec } from '../../../simulator/distributions.ts'
import { offeredLoad } from '../../../simulator/offered-load.ts'
import type { Scenario } from '../../../simulator/scenario.ts'
import { meanWork } from '../../../simulator/work.ts'
import { altered, type Part, rounded, type Sentence } from './part.ts'
import { scaledWork, WORKS, workAs } from './works.ts'

/** **800** requests a second, **in bursts**: **80 %** of what the servers can do. */
export function trafficSentence(scenario: Scenario): Sentence {
  const { arrivals } = scenario
  if (arrivals.type === 'closed') return closedSentence(scenario)
  const rate = rounded(meanRate(arrivals, scenario.duration))
  const parts: Part[] = [
    {
      kind: 'number',
      label: 'Requests a second',
      value: rate,
      unit: '',
      min: 0.1,
      max: 5000,
      limit: 200_000,
      log: true,
      set: (value) => altered(scenario, { arrivals: scaled(arrivals, value / rate) }),
    },
    ' requests a second, ',
    rhythm(scenario, rate),
  ]
  if (arrivals.type === 'bursts') parts.push(...bursts(scenario, arrivals))
  const load = offeredLoad(scenario)
  if (load !== undefined && load < Infinity && load > 0) {
    parts.push(
      ': ',
      {
        kind: 'number',
        label: 'Load, as a share of what the servers can do',
        value: rounded(load * 100),
        unit: '%',
        min: 5,
        max: 150,
        limit: 10_000,
        set: (value) => altered(scenario, { arrivals: scaled(arrivals, value / 100 / load) }),
      },
      ' of what they can do',
    )
  }
  return { title: 'Traffic', parts: [...parts, '.'] }
}

function rhythm(scenario: Scenario, rate: number): Part {
  const { arrivals } = scenario
  const own: Record<string, string> = {
    steps: 'in steps',
    ramp: 'more and more, or less and less',
    diurnal: 'by day and night',
    trace: 'as they were recorded',
  }
  const { type } = arrivals
  return {
    kind: 'choice',
    label: 'How requests come',
    value: type,
    options: [
      ...(type in own ? [[type, own[type]] as const] : []),
      ['poisson', 'at random'],
      ['paced', 'evenly'],
      ['bursts', 'in bursts'],
      ['closed', 'from users who wait'],
    ],
    set: (value) =>
      value === type
        ? scenario
        : altered(scenario, { arrivals: arrivalsAs(value, rate, scenario) }),
  }
}

function arrivalsAs(type: string, rate: number, { work }: Scenario): ArrivalSpec {
  const service = meanWork(work)
  if (type === 'bursts') {
    const spell = rounded(Math.max(1, service * 10))
    return {
      type,
      calm: { rate: rounded(rate / 2), mean: spell * 3 },
      burst: { rate: rounded(rate * 2.5), mean: spell },
    }
  }
  if (type === 'closed') {
    const think = rounded(Math.max(0.1, service))
    const users = Math.max(1, Math.round((rate / 1000) * (think + service)))
    return { type, users, think: { type: 'exponential', mean: think } }
  }
  return { type: type === 'paced' ? 'paced' : 'poisson', rate }
}

function bursts(scenario: Scenario, arrivals: Extract<ArrivalSpec, { type: 'bursts' }>): Part[] {
  const { burst, calm } = arrivals
  return [
    ' of ',
    {
      kind: 'number',
      label: 'How long a burst lasts on average',
      value: burst.mean,
      unit: 'ms',
      min: 10,
      max: 60_000,
      limit: 1e9,
      log: true,
      set: (mean) => altered(scenario, { arrivals: { ...arrivals, burst: { ...burst, mean } } }),
    },
    ' with ',
    {
      kind: 'number',
      label: 'Requests a second in a burst',
      value: burst.rate,
      unit: '',
      min: 0.1,
      max: 10_000,
      limit: 400_000,
      log: true,
      set: (rate) => altered(scenario, { arrivals: { ...arrivals, burst: { ...burst, rate } } }),
    },
    ' a second, and ',
    {
      kind: 'number',
      label: 'Requests a second between bursts',
      value: calm.rate,
      unit: '',
      min: 0.1,
      max: 10_000,
      limit: 400_000,
      log: true,
      set: (rate) => altered(scenario, { arrivals: { ...arrivals, calm: { ...calm, rate } } }),
    },
    ' between them',
  ]
}

function closedSentence(scenario: Scenario): Sentence {
  const arrivals = scenario.arrivals as Extract<ArrivalSpec, { type: 'closed' }>
  const { think, users } = arrivals
  const pause = meanWork(think)
  const rate = rounded((users * 1000) / (pause + meanWork(scenario.work)))
  return {
    title: 'Traffic',
    parts: [
      {
        kind: 'number',
        label: 'Users',
        value: users,
        unit: '',
        min: 1,
        max: 500,
        limit: 100_000,
        whole: true,
        log: true,
        set: (value) => altered(scenario, { arrivals: { ...arrivals, users: value } }),
      },
      users === 1 ? ' user who waits ' : ' users who wait ',
      'for each answer, and think for ',
      {
        kind: 'number',
        label: 'How long users think',
        value: rounded(pause),
        unit: 'ms',
        min: 1,
        max: 60_000,
        limit: 1e9,
        log: true,
        set: (value) =>
          altered(scenario, {
            arrivals: { ...arrivals, think: scaledWork(think, value / pause) as DistributionSpec },
          }),
      },
      ': ',
      rhythm(scenario, rate),
      '.',
    ],
  }
}

/** So many times as many. */
function scaled(arrivals: ArrivalSpec, factor: number): ArrivalSpec {
  const times = (rate: number): number => rounded(rate * factor, 6)
  switch (arrivals.type) {
    case 'poisson':
    case 'paced':
      return { ...arrivals, rate: times(arrivals.rate) }
    case 'bursts': {
      const { burst, calm } = arrivals
      return {
        ...arrivals,
        calm: { ...calm, rate: times(calm.rate) },
        burst: { ...burst, rate: times(burst.rate) },
      }
    }
    case 'steps':
      return {
        ...arrivals,
        steps: arrivals.steps.map((step) => ({ ...step, rate: times(step.rate) })),
      }
    case 'ramp':
      return { ...arrivals, from: times(arrivals.from), to: times(arrivals.to) }
    case 'diurnal':
      return { ...arrivals, mean: times(arrivals.mean) }
    case 'trace':
      return { ...arrivals, speed: times(arrivals.speed ?? 1) }
    case 'closed':
      break
  }
  return arrivals // Closed users come when they have their answers.
}

/** Each **10 ms** of work, **exponential**. */
export function workSentence(scenario: Scenario): Sentence {
  const { work } = scenario
  const mean = meanWork(work)
  const parts: Part[] = [
    'Each takes ',
    {
      kind: 'number',
      label: 'Work of a request',
      value: rounded(mean),
      unit: 'ms',
      min: 0.1,
      max: 10_000,
      limit: 1e7,
      log: true,
      set: (value) => altered(scenario, { work: scaledWork(work, value / mean) }),
    },
    ' of work, ',
    {
      kind: 'choice',
      label: 'How work is spread',
      value: work.type,
      options: WORKS.some(([type]) => type === work.type)
        ? WORKS
        : [[work.type, work.type.replaceAll('_', ' ')], ...WORKS],
      set: (type) =>
        type === work.type ? scenario : altered(scenario, { work: workAs(type, mean) }),
    },
  ]
  return { title: 'Work', parts: [...parts, '.'] }
}
