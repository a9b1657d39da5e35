import { useEffect, useState } from 'preact/hooks'
import type { Explanation } from '../../../proxy/core/decision.ts'
import type { AttemptStory, RequestStory } from '../../../proxy/http/request-story.ts'
import { duration, tick } from '../../shell/words.ts'
import { ask } from '../act/desk.ts'

interface Props {
  readonly id: string
  readonly close: () => void
}

/** Why a request went where it went: attempt by attempt, in a sentence and a table. */
export function Why({ close, id }: Props) {
  const [story, setStory] = useState<RequestStory | undefined>(undefined)
  const [fault, setFault] = useState('')
  useEffect(() => {
    ask<RequestStory>('GET', `/requests/${encodeURIComponent(id)}/explain`).then(
      ({ body }) => setStory(body),
      (error: Error) =>
        setFault(
          `${error.message} Only the latest requests are remembered; it may have left them.`,
        ),
    )
  }, [id])
  return (
    <section class="why" aria-label={`Why this server? ${id}`} aria-live="polite">
      <div class="chart-head">
        <h3>Why this server?</h3>
        <span class="id muted small">{id}</span>
        <button onClick={close}>Close</button>
      </div>
      {fault !== '' && <p class="fault">{fault}</p>}
      {story?.waited != null && <p>It waited {time(story.waited)}, since every server was full.</p>}
      {story?.attempts.map((attempt, i) => (
        <Attempt key={i} attempt={attempt} number={i + 1} />
      ))}
      {story?.attempts.length === 0 && (
        <p>It went to no server: {story.end ?? 'it has not been given to one yet'}.</p>
      )}
      {story?.turnedAway != null && story.turnedAway.excluded.length > 0 && (
        <p>
          Who could not get it:{' '}
          {story.turnedAway.excluded
            .map(({ reason, server }) => `${server} (${reason})`)
            .join(', ')}
          .
        </p>
      )}
      {(story?.attemptsNotKept ?? 0) > 0 && (
        <p class="muted">{story!.attemptsNotKept} more attempts are not remembered.</p>
      )}
    </section>
  )
}

function Attempt({ attempt, number }: { readonly attempt: AttemptStory; readonly number: number }) {
  const { decision, hedge, outcome, retry, server, start } = attempt
  return (
    <div class="attempt">
      <h3>
        <span class="muted">{number}.</span> <span class="id">{server}</span>
        <span class="unit">
          {hedge ? 'beside the first, ' : ''}
          {time(start)} after it came
        </span>
      </h3>
      {decision !== null && <p>{sentence(decision.why)}</p>}
      <p class="muted">
        {timers(attempt)} It ended {outcome ?? 'not yet'}
        {retry === null ? '.' : `; ${retry.why}.`}
      </p>
      {decision !== null && <Decided decision={decision} />}
    </div>
  )
}

function Decided({ decision }: { readonly decision: Explanation }) {
  const { candidates, excluded, facts, notKept, panic, score, strategy, by } = decision
  const known = Object.entries(facts).filter(([, value]) => value !== null)
  return (
    <>
      <div class="wide" tabIndex={0} role="region" aria-label="Candidates">
        <table>
          <thead>
            <tr>
              <th scope="col">candidate</th>
              <th scope="col" class="number">
                in flight
              </th>
              <th scope="col" class="number">
                weight
              </th>
              <th scope="col" class="number">
                {score === null ? 'score' : score.meaning}
              </th>
              <th scope="col">looked at</th>
            </tr>
          </thead>
          <tbody>
            {candidates.map(({ chosen, inFlight, mark, score: own, server, weight }) => (
              <tr key={server} data-chosen={chosen || undefined}>
                <th scope="row" class="id">
                  {server}
                  {chosen && <span class="unit">chosen</span>}
                </th>
                <td class="number">{inFlight}</td>
                <td class="number">{tick(weight)}</td>
                <td class="number">{own === null ? '–' : tick(own)}</td>
                <td>{mark ?? (own === null ? 'no' : 'yes')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="muted small">
        {strategy}
        {by !== null && `, by ${by}`}
        {score !== null && `. The ${score.best} score gets it; ties: ${score.ties}`}
        {known.length > 0 &&
          `. ${known.map(([name, value]) => `${name} ${tick(value!)}`).join(', ')}`}
        {notKept > 0 && `. ${notKept} more could have got it`}
        {panic && '. Panic: health was ignored'}.
      </p>
      {excluded.length > 0 && (
        <p class="small">
          Could not get it:{' '}
          {excluded.map(({ reason, server }) => `${server} (${reason})`).join(', ')}.
        </p>
      )}
    </>
  )
}

function timers({ connect, firstByte, total }: AttemptStory): string {
  const parts = [
    connect === null ? 'No connection' : `Connection and request out after ${time(connect)}`,
    firstByte === null ? 'no answer' : `first byte after ${time(firstByte)}`,
    total === null ? 'not over' : `over after ${time(total)}`,
  ]
  return `${parts.join(', ')}.`
}

/** With a capital letter and a full stop. */
function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`
}

function time(milliseconds: number): string {
  return duration(milliseconds).join(' ')
}
