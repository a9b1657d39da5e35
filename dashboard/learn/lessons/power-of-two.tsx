import { twoChoices as scenario } from '../scenarios/two-choices.ts'
import type { Lesson } from '../lesson.ts'
import { told } from '../figures.ts'

export const powerOfTwo: Lesson = {
  slug: 'power-of-two',
  title: 'The power of two choices',
  question: 'What is one more look worth?',
  minutes: 3,
  opening: (
    <>
      <p>
        Twenty servers stand in a row. A request keeps one of them busy for ten milliseconds, some
        for less, some for more. So many requests come that nine tenths of all that the servers can
        do is asked of them: a busy day, not a broken one.
      </p>
      <p>
        In front of them stands a <em>load balancer</em>. For each request it has one decision to
        make: which server? The simplest balancer throws dice. Nobody can blame dice; yet some
        servers have luck and stand idle, while at others a queue grows. So what takes ten
        milliseconds of work takes far longer in all.
      </p>
      <p>
        Now let it look. It draws <em>two</em> servers by dice, asks how many requests each has in
        hand, and takes the one with fewer. That is all.
      </p>
    </>
  ),
  cases: [
    { id: 'one', label: 'dice', does: 'any server, unseen', scenario, strategy: 'random' },
    {
      id: 'two',
      label: 'two looks',
      does: 'draws two, takes the less busy',
      scenario,
      strategy: 'power_of_two',
    },
    {
      id: 'three',
      label: 'three looks',
      does: 'draws three',
      scenario,
      strategy: { name: 'power_of_two', choices: 3 },
    },
    {
      id: 'all',
      label: 'twenty looks',
      does: 'looks at all, takes the least busy',
      scenario,
      strategy: 'least_connections',
    },
  ],
  measure: {
    title: 'how long a request takes, on average',
    unit: 'time',
    of: ({ latency }) => latency!.mean,
  },
  reps: 10,
  ask: {
    kind: 'bars',
    prompt: 'With dice you see how long a request takes on average. Draw how long with more looks.',
    cases: ['one', 'two', 'three', 'all'],
    given: 'one',
    top: 120,
    start: 80,
    step: 1,
  },
  show: {
    lanes: [
      { label: 'dice', scenario, strategy: 'random' },
      { label: 'two looks', scenario, strategy: 'power_of_two' },
    ],
    from: 5000,
    until: 5600,
    pace: 24,
    unit: 10,
    caption:
      'Both get the very same requests at the very same moments. Look for the longest queue of each, and for servers that stand idle.',
  },
  why: ({ one, two, three, all }) => (
    <>
      <p>
        The second look takes a request from {told(one, 'time')} to {told(two, 'time')}. The third
        only gets it to {told(three, 'time')}, and to look at all twenty to {told(all, 'time')}.
      </p>
      <p>
        Why so much for so little? With two looks a request joins a long queue only if <em>both</em>{' '}
        servers it drew have one. Say one server in ten has a queue of five. That both do happens
        once in a hundred, so queues of six are far rarer; and for each place further the chance is
        squared again. Long queues do not become less common. They all but vanish.
      </p>
      <p>
        To look at all is better still, if you can: it needs a true count of every server for every
        request. The lessons on old news and on many proxies are about what happens when you do not
        have it.
      </p>
    </>
  ),
  remember:
    'One more look does most of what all the looks in the world could do: it makes long queues not rarer, but nearly impossible.',
  source: (
    <>
      Michael Mitzenmacher, “The Power of Two Choices in Randomized Load Balancing”, IEEE TPDS
      12(10), 2001.
    </>
  ),
  lab: { scenario, strategies: ['random', 'power_of_two', 'least_connections'] },
}
