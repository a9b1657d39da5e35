import { told } from '../figures.ts'
import type { Lesson } from '../lesson.ts'
import { noRetries, threeRetries, withBudget, withPauses } from '../scenarios/retry-storm.ts'

const strategy = 'round_robin'

export const retryStorm: Lesson = {
  slug: 'retry-storm',
  title: 'The retry storm',
  question: 'Why does it stay down, when the cause is gone?',
  minutes: 4,
  opening: (
    <>
      <p>
        One server, which can do a hundred requests a second. Forty come. Clients are patient for a
        tenth of a second, ten times as long as the work takes; then they give up. The server does
        not hear of it: it will do the work anyway, for nobody.
      </p>
      <p>
        In the eleventh second there is a surge: for one second, not forty come but a hundred and
        twenty. Then forty again, as before.
      </p>
      <p>
        What clients do when they have given up is up to you. They can leave it at that. They can
        try again, three times at most. They can pause before they do, longer each time. Or they can
        keep a <em>budget</em>: for every ten requests, one retry and no more.
      </p>
    </>
  ),
  cases: [
    {
      id: 'three',
      label: 'three retries',
      does: 'again at once, three times at most',
      scenario: threeRetries,
      strategy,
    },
    {
      id: 'pauses',
      label: 'three, with pauses',
      does: 'the same, after a pause that grows',
      scenario: withPauses,
      strategy,
    },
    {
      id: 'budget',
      label: 'a budget of 10 %',
      does: 'one retry for every ten requests',
      scenario: withBudget,
      strategy,
    },
    { id: 'none', label: 'no retries', does: 'gives up', scenario: noRetries, strategy },
  ],
  measure: {
    title: 'requests answered in time, from the thirtieth second on',
    unit: 'share',
    of: ({ outcomes, requests }) => outcomes.ok / requests,
  },
  reps: 12,
  ask: {
    kind: 'bars',
    prompt:
      'From the thirtieth second on the surge is long over. How many of a hundred are answered in time?',
    cases: ['three', 'pauses', 'budget', 'none'],
    top: 1,
    start: 0.5,
    step: 0.01,
  },
  show: {
    lanes: [
      { label: 'three retries', scenario: threeRetries, strategy },
      { label: 'a budget of 10 %', scenario: withBudget, strategy },
    ],
    from: 8000,
    until: 26_000,
    pace: 1000,
    unit: 10,
    caption:
      'This is real time. All is well for two seconds; then comes the surge, for one second. Watch what stays.',
  },
  why: ({ budget, none, pauses, three }) => (
    <>
      <p>
        With three retries, {told(three, 'share')} are answered in time, and they stay unanswered
        for as long as you care to wait. With none it is {told(none, 'share')}.
      </p>
      <p>
        The surge leaves a queue of more than a tenth of a second. So everybody in it is served too
        late, gives up, and comes again. Now forty requests are a hundred and sixty, more than the
        server can do. It is busy all the time, with answers that nobody waits for. The surge made
        the queue; the queue makes the retries; the retries make the queue. The cause is gone and
        the circle goes on.
      </p>
      <p>
        Pauses do not break it, {told(pauses, 'share')}: the same retries come, only later. A budget
        does, {told(budget, 'share')}: there cannot be more than forty-four.
      </p>
    </>
  ),
  remember:
    'A retry is more load just when there is too much. Give retries a budget, not only a pause.',
  source: <>Nathan Bronson and others, “Metastable Failures in Distributed Systems”, HotOS 2021.</>,
  lab: { scenario: threeRetries, strategies: ['round_robin'] },
}
