import { told } from '../figures.ts'
import type { Lesson } from '../lesson.ts'
import { blackHole as scenario } from '../scenarios/black-hole.ts'

export const blackHole: Lesson = {
  slug: 'black-hole',
  title: 'The black hole',
  question: 'Who feeds the server that fails fastest?',
  minutes: 3,
  opening: (
    <>
      <p>
        Ten servers. Nine are well: they take a tenth of a second for a request. The tenth is
        broken. It does not crash, that would be kind. It answers <em>every</em> request at once:
        “error”.
      </p>
      <p>
        Nobody has told the balancer. It goes on sending requests as it always does, by its rule.
        Four rules are common. To a broken server some of them send a little, and one sends it more
        than the nine good ones get together.
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
      does: 'draws two servers, takes the one with fewer requests in hand',
      scenario,
      strategy: 'power_of_two',
    },
    {
      id: 'peak',
      label: 'peak EWMA',
      does: 'remembers how slow each was; counts an error as a very slow answer',
      scenario,
      strategy: 'peak_ewma',
    },
    {
      id: 'least',
      label: 'least connections',
      does: 'of all servers, the one with the fewest requests in hand',
      scenario,
      strategy: 'least_connections',
    },
  ],
  measure: {
    title: 'requests sent to the broken server',
    unit: 'share',
    of: ({ servers }) => servers.find(({ id }) => id === 'bad')!.share,
  },
  reps: 10,
  ask: {
    kind: 'rank',
    prompt: 'Which rule sends the broken server the most? Put that one on top.',
    ends: ['sends it the most', 'sends it the least'],
    cases: ['two', 'turn', 'least', 'peak'],
    did: (figure) => `sent ${figure} to the broken one`,
  },
  show: {
    lanes: [
      { label: 'round robin', scenario, strategy: 'round_robin' },
      { label: 'least connections', scenario, strategy: 'least_connections' },
    ],
    from: 3000,
    until: 4500,
    pace: 60,
    unit: 100,
    caption:
      'The broken server is the last one on the right. It is never busy, so it always has room.',
  },
  why: ({ least, peak, turn, two }) => (
    <>
      <p>
        Least connections sends {told(least, 'share')} of all requests into the hole. Its rule is
        sound: who has the fewest requests in hand is the freest. But a server that throws its work
        away has nothing in hand, ever. So it looks freest, always; it gets the next request, and
        fails that too.
      </p>
      <p>
        Round robin does not look, so it cannot be fooled: {told(turn, 'share')}, one server’s turn.
        Two choices are fooled as well, but only if the broken server is <em>drawn</em>: that is two
        times in ten at most, {told(two, 'share')}. Peak EWMA takes an error for a slow answer, and
        keeps away: {told(peak, 'share')}.
      </p>
      <p>
        What ends it for all of them is to watch the answers: whoever fails five times in a row is
        out for a while. The cleverer a balancer follows load, the more it needs that.
      </p>
    </>
  ),
  remember:
    'To a balancer that counts requests in hand, the server that fails at once looks freest.',
  source: (
    <>
      Bartek Wydrowski and others, “Load is not what you should balance: Introducing Prequal”, NSDI
      2024, who call it sinkholing.
    </>
  ),
  lab: {
    scenario,
    strategies: ['round_robin', 'least_connections', 'power_of_two', 'peak_ewma'],
  },
}
