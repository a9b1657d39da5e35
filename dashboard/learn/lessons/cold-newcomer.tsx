import { told } from '../figures.ts'
import type { Lesson } from '../lesson.ts'
import { COMES, coldNewcomer as scenario } from '../scenarios/cold-newcomer.ts'

export const coldNewcomer: Lesson = {
  slug: 'cold-newcomer',
  title: 'The cold newcomer',
  question: 'What happens to a server on its first day?',
  minutes: 3,
  opening: (
    <>
      <p>
        A chat service. Six servers hold some fifty open connections each, and a connection stays
        for half a minute on average. Ten new ones come every second, and as many old ones leave.
        All is even.
      </p>
      <p>
        It is a busy day, so a seventh server is switched on. It is in perfect health. It holds
        nothing. It is also cold: its code is not compiled yet, its caches are empty, and every new
        connection costs it a handshake, a login and a look into the database.
      </p>
      <p>
        A fair part of what comes would be one connection in seven. Watch the first two seconds.
      </p>
    </>
  ),
  cases: [
    {
      id: 'turn',
      label: 'round robin',
      does: 'each server in its turn',
      scenario,
      strategy: 'round_robin',
    },
    {
      id: 'two',
      label: 'two choices',
      does: 'draws two servers, takes the one with fewer connections',
      scenario,
      strategy: 'power_of_two',
    },
    {
      id: 'least',
      label: 'least connections',
      does: 'of all servers, the one with the fewest connections',
      scenario,
      strategy: 'least_connections',
    },
  ],
  measure: {
    title: 'new connections that go to the newcomer, in its first two seconds',
    unit: 'share',
    of: ({ servers }) => servers.find(({ id }) => id === 'new')!.share,
  },
  reps: 40,
  ask: {
    kind: 'bars',
    prompt: 'How many of a hundred new connections go to the newcomer? Draw it for each rule.',
    cases: ['turn', 'two', 'least'],
    top: 1,
    start: 0.5,
    step: 0.01,
    mark: { at: 1 / 7, label: 'a fair part' },
  },
  show: {
    lanes: [
      { label: 'round robin', scenario: longer(), strategy: 'round_robin' },
      { label: 'least connections', scenario: longer(), strategy: 'least_connections' },
    ],
    from: COMES - 1500,
    until: COMES + 10_000,
    pace: 1000,
    unit: 30000,
    caption: 'This is real time: ten new connections a second. The newcomer stands at the right.',
  },
  why: ({ least, turn, two }) => (
    <>
      <p>
        Least connections sends the newcomer {told(least, 'share')} of everything. It holds none,
        the others hold fifty, and to this rule that is a debt to be paid at once. The server that
        is least ready gets seven times its part, until it holds as many as the others.
      </p>
      <p>
        Two choices mean the same well, but the newcomer must be drawn first. That is two times in
        seven at most, and they send it {told(two, 'share')}. Round robin knows no debts:{' '}
        {told(turn, 'share')}.
      </p>
      <p>
        The remedy has a name, <em>slow start</em>: for its first minute the newcomer counts as a
        small server that grows.
      </p>
    </>
  ),
  remember:
    'Who holds nothing looks best: least connections sends everything to the server that is least ready for it.',
  source: (
    <>
      The rush is why balancers have a slow start; that a turn drowns a cold server is
      envoyproxy/envoy issue 11050.
    </>
  ),
  lab: { scenario: longer(), strategies: ['round_robin', 'power_of_two', 'least_connections'] },
}

/** To see how it ends. */
function longer(): typeof scenario {
  return { ...scenario, duration: 30_000 }
}
