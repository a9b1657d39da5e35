import { told } from '../figures.ts'
import type { Lesson } from '../lesson.ts'
import { allAtOnce, MEAN_WORK, oneByOne } from '../scenarios/heavy-tail.ts'

export const heavyTail: Lesson = {
  slug: 'heavy-tail',
  title: 'Heavy tails',
  question: 'What if a few requests are giants?',
  minutes: 4,
  opening: (
    <>
      <p>
        Averages lie politely. Here half of all requests take less than 1.6 milliseconds. Now and
        then, one in a thousand, there is a giant: a report, a large picture, a tenth of a second or
        even a whole one.
      </p>
      <p>
        Four servers share the work, seven tenths busy. Two things can be chosen. <em>Who</em> gets
        a request: by dice, or whoever has the fewest in hand. And how a server works:{' '}
        <em>one by one</em>, in the order in which they came, or on <em>all at once</em>, a little
        of each in turn, as a web server with threads does.
      </p>
      <p>That makes four services. They do the same work, and lose very different times.</p>
    </>
  ),
  cases: [
    {
      id: 'one dice',
      label: 'dice, one by one',
      does: 'any server; it serves in order',
      scenario: oneByOne,
      strategy: 'random',
    },
    {
      id: 'one least',
      label: 'least connections, one by one',
      does: 'the server with the fewest; it serves in order',
      scenario: oneByOne,
      strategy: 'least_connections',
    },
    {
      id: 'all dice',
      label: 'dice, all at once',
      does: 'any server; it shares its time',
      scenario: allAtOnce,
      strategy: 'random',
    },
    {
      id: 'all least',
      label: 'least connections, all at once',
      does: 'the server with the fewest; it shares its time',
      scenario: allAtOnce,
      strategy: 'least_connections',
    },
  ],
  measure: {
    title: 'time lost to other requests, on average',
    unit: 'time',
    of: ({ latency }) => latency!.mean - MEAN_WORK,
  },
  reps: 10,
  ask: {
    kind: 'rank',
    prompt: 'In which service do requests lose the most time to each other? Put it on top.',
    ends: ['loses the most', 'loses the least'],
    cases: ['all dice', 'one least', 'all least', 'one dice'],
    did: (figure) => `lost ${figure} a request`,
  },
  show: {
    lanes: [
      { label: 'dice, one by one', scenario: oneByOne, strategy: 'random' },
      { label: 'dice, all at once', scenario: allAtOnce, strategy: 'random' },
    ],
    from: 2000,
    until: 3600,
    pace: 70,
    unit: 3,
    caption:
      'Both throw the same dice. Above, what waits behind a giant waits for all of it; below, small ones slip past.',
  },
  why: (found) => (
    <>
      <p>
        Dice, one by one, lose {told(found['one dice'], 'time')} a request, many times the work
        itself. Behind one giant, dozens of small requests wait, and dice keep sending more. Least
        connections sees the crowd and goes round it: {told(found['one least'], 'time')}.
      </p>
      <p>
        But look at dice with servers that share their time: {told(found['all dice'], 'time')}. No
        cleverness at the door at all; only, behind it, a giant slows the others down but blocks
        nobody. How sizes are spread then no longer matters to the average. Do both, and it is{' '}
        {told(found['all least'], 'time')}.
      </p>
    </>
  ),
  remember:
    'Where a few requests are giants, how a server shares its time matters as much as who chooses the server.',
  source: (
    <>
      Mor Harchol-Balter, <cite>Performance Modeling and Design of Computer Systems</cite>,
      Cambridge 2013, chapters 24 and 30.
    </>
  ),
  lab: { scenario: oneByOne, strategies: ['random', 'least_connections', 'power_of_two'] },
}
