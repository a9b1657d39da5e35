import { told } from '../figures.ts'
import type { Found, Lesson } from '../lesson.ts'
import { fiftyProxies, oneProxy } from '../scenarios/many-proxies.ts'

/** How many requests wait for a worker, on average: those in hand less those that are served. */
const WORKERS = 10

export const manyProxies: Lesson = {
  slug: 'many-proxies',
  title: 'Many proxies',
  question: 'Do fifty who each see a little see as much as one?',
  minutes: 3,
  opening: (
    <>
      <p>
        Five servers with ten workers each, seven of ten busy. One balancer sends each request to
        the server with the fewest in hand. It sees every request that comes and every answer that
        goes, so it counts right, and hardly ever does a request wait.
      </p>
      <p>
        Business is good. Soon there are <em>fifty</em> balancers: one in every process, or on every
        machine, as is usual. The servers are the same, the requests are the same. Each balancer
        counts as before; but it can count only what went through itself, a fiftieth of it all.
      </p>
    </>
  ),
  cases: [
    { id: 'one', label: 'one balancer', scenario: oneProxy, strategy: 'least_connections' },
    {
      id: 'fifty',
      label: 'fifty balancers',
      scenario: fiftyProxies,
      strategy: 'least_connections',
    },
    { id: 'dice', label: 'dice', scenario: fiftyProxies, strategy: 'random' },
    {
      id: 'list',
      label: 'fifty that take the first of the list',
      scenario: fiftyProxies,
      strategy: { name: 'least_connections', ties: 'first' },
    },
  ],
  measure: {
    title: 'requests that wait, on average',
    unit: 'count',
    of: ({ servers }) =>
      servers.reduce((sum, { inHand, utilization }) => sum + inHand - utilization * WORKERS, 0),
  },
  reps: 8,
  ask: {
    kind: 'choice',
    prompt: 'Now there are fifty, and each counts for itself. How many requests wait?',
    options: [
      'About as few as with one',
      'Many more, but fewer than if the fifty threw dice',
      'As many as with dice, or more',
    ],
    right,
    cases: ['one', 'fifty', 'dice', 'list'],
  },
  show: {
    lanes: [
      { label: 'one balancer', scenario: oneProxy, strategy: 'least_connections' },
      { label: 'fifty balancers', scenario: fiftyProxies, strategy: 'least_connections' },
      {
        label: 'fifty, first of the list',
        scenario: fiftyProxies,
        strategy: { name: 'least_connections', ties: 'first' },
      },
    ],
    from: 10_000,
    until: 12_000,
    pace: 100,
    unit: 100,
    caption:
      'The same requests in each lane. Ten places are being served in each server; what is above them waits.',
  },
  why: ({ dice, fifty, list, one }) => (
    <>
      <p>
        One balancer keeps {told(one, 'count')} requests waiting. Fifty keep {told(fifty, 'count')},
        and dice, which count nothing, {told(dice, 'count')}.
      </p>
      <p>
        There are 35 requests under way at any time. One balancer sees all of them. Each of the
        fifty sees less than one, so to most of them all five servers look idle, nearly always. They
        have nothing to compare. What decides then is how a rule breaks a <em>tie</em>.
      </p>
      <p>
        Here is the sting. Let every one of them break ties in the plainest way: the first of the
        list. All have the same list. So fifty agree on the same server, and {told(list, 'count')}{' '}
        requests wait.
      </p>
    </>
  ),
  remember:
    'A count is worth what it counts. Who sees a fiftieth of the requests mostly breaks ties: let it break them by dice.',
  source: (
    <>
      Yi Lu and others, “Join-Idle-Queue”, Performance Evaluation 68(11), 2011, begins with this
      problem, and lets servers speak up instead.
    </>
  ),
  lab: { scenario: fiftyProxies, strategies: ['least_connections', 'random', 'aperture'] },
}

/** By intervals that do not meet. */
function right({ dice, fifty, one }: Found): number | undefined {
  if (fifty.low <= one.high) return 0
  if (fifty.high < dice.low) return 1
  return fifty.low > dice.low ? 2 : undefined
}
