import { told } from '../figures.ts'
import type { Case, Lesson } from '../lesson.ts'
import { aged, fresh } from '../scenarios/stale-herd.ts'

const AGES = [0, 100, 400, 1600] as const
const scenarioOf = (age: number): typeof fresh => (age === 0 ? fresh : aged(age))
const ids = (name: string): string[] => AGES.map((age) => `${name} ${age}`)

function casesOf(id: string, label: string, strategy: string): Case[] {
  return AGES.map((age) => ({ id: `${id} ${age}`, label, scenario: SCENARIOS[age], strategy }))
}

/** One object each: cases that share it are one study. */
const SCENARIOS = Object.fromEntries(AGES.map((age) => [age, scenarioOf(age)])) as Record<
  number,
  typeof fresh
>

export const staleHerd: Lesson = {
  slug: 'stale-herd',
  title: 'The stale herd',
  question: 'How old may news be, before it does harm?',
  minutes: 4,
  opening: (
    <>
      <p>
        Ten servers, each busy for a tenth of a second with a request. The balancer sends each
        request to whoever has least to do. With fresh news that is as good as it gets.
      </p>
      <p>
        But news travel. A balancer that asks its servers how they are cannot ask them before every
        request. So it looks now and then, and decides everything until its next look on one
        picture: the servers as they <em>were</em>.
      </p>
      <p>
        Dice need no picture. What they take is the grey line below, as good or bad as it always is.
        And looking at everybody, with a picture that grows old?
      </p>
    </>
  ),
  cases: [
    ...casesOf('least', 'least connections', 'least_connections'),
    ...casesOf('two', 'two choices', 'power_of_two'),
    ...casesOf('dice', 'dice', 'random'),
  ],
  measure: {
    title: 'how long a request takes, on average',
    unit: 'time',
    of: ({ latency }) => latency!.mean,
  },
  reps: 6,
  ask: {
    kind: 'curve',
    prompt: 'Draw how long a request takes with least connections, as its picture grows old.',
    x: 'time from one look to the next',
    points: AGES.map((age) => ({
      id: `least ${age}`,
      label: age === 0 ? 'fresh' : age < 1000 ? `${age} ms` : `${age / 1000} s`,
    })),
    range: [100, 10_000],
    start: 300,
    name: 'least connections',
    given: { name: 'dice', ids: ids('dice') },
    later: { name: 'two choices', ids: ids('two') },
  },
  show: {
    lanes: [
      { label: 'least connections', scenario: aged(800), strategy: 'least_connections' },
      { label: 'two choices', scenario: aged(800), strategy: 'power_of_two' },
    ],
    from: 8000,
    until: 14_000,
    pace: 260,
    unit: 100,
    caption:
      'Here the balancer looks every 800 ms: every three seconds of yours. Watch the herd turn.',
  },
  why: (found) => (
    <>
      <p>
        Fresh, looking at everybody is best by far: {told(found['least 0'], 'time')}, where dice
        take {told(found['dice 0'], 'time')}. With a look every 1.6 s it takes{' '}
        {told(found['least 1600'], 'time')}: worse than not to look at all.
      </p>
      <p>
        Whoever looked free at the look is sent <em>everything</em> until the next one, eight times
        what a server can do. At the next look that one is buried, another looks free, and the herd
        turns to it. Two choices cannot do that. They send nobody more than two tenths, so at 1.6 s
        they still take {told(found['two 1600'], 'time')}.
      </p>
      <p>
        The news are not to blame, nor is the rule. It is the trust: the more of the pool a rule
        compares, the fresher its news must be.
      </p>
    </>
  ),
  remember:
    'Old news make a herd. The more faithfully a balancer follows its picture, the younger the picture must be.',
  source: (
    <>
      Michael Mitzenmacher, “How useful is old information?”, IEEE TPDS 11(1), 2000; Marc Brooker,
      “The power of two random choices”, 2012.
    </>
  ),
  lab: { scenario: aged(800), strategies: ['least_connections', 'power_of_two', 'random'] },
}
