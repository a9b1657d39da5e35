import { signal } from '@preact/signals'
import { useState } from 'preact/hooks'
import { feed } from '../state.ts'
import { ask, mayAct, steering } from './desk.ts'
import { asking, Question } from './dialog.tsx'
import { offer } from './undo.tsx'

type Fault = 'well' | 'fails' | 'slow' | 'outage' | 'gone'

/** What is wrong with each fake of a lab, as it was last heard. */
const faults = signal<ReadonlyMap<string, Fault>>(new Map())

interface Choice {
  readonly fault: Fault
  readonly title: string
  readonly summary: string
  readonly says: (id: string, strategy: string) => string
  /** What it is from then on. */
  readonly done: string
}

const CHOICES: readonly Choice[] = [
  {
    fault: 'fails',
    title: 'Fail at once',
    summary: 'every answer is a 500, immediately',
    says: (id, strategy) =>
      `${id} answers each request with a 500 at once. To its health check it is well, and as it never has anything to do it looks like the best choice to whoever looks for the least busy${LOOKERS.has(strategy) ? `, as ${strategy} does: watch who gets the traffic` : `. ${strategy} does not look; switch to least_connections to see what it does`}.`,
    done: 'fails at once, on purpose',
  },
  {
    fault: 'slow',
    title: 'Ten times slower',
    summary: 'a full disk, or a neighbour that takes the processor',
    says: (id) =>
      `Each request takes ${id} ten times as long, and nothing fails. Strategies that give it its usual share let requests pile up there; those that look at what is in flight, or at how long it takes, go around it.`,
    done: 'is ten times slower, on purpose',
  },
  {
    fault: 'outage',
    title: 'Out of order',
    summary: 'a 503 for everything, its health check too',
    says: (id) =>
      `${id} answers everything with a 503, the health check as well. Requests are tried again elsewhere, and after some failures it is ejected, or found to be down.`,
    done: 'is out of order, on purpose',
  },
  {
    fault: 'gone',
    title: 'Kill it',
    summary: 'kill -9, as if its machine had lost power',
    says: (id) =>
      `The process of ${id} is killed at once, with all that is in flight there. Those requests are tried again elsewhere. The lab starts it again after four seconds.`,
    done: 'was killed',
  },
]

/** Who chooses by what is in flight. */
const LOOKERS = new Set(['least_connections', 'power_of_two', 'least_response_time', 'peak_ewma'])

/** Asks the lab, where it is one, what is wrong with its fakes. */
export async function lookAtFakes(): Promise<void> {
  if (steering.value?.here !== true || steering.value.fakes !== true || document.hidden) return
  try {
    const { body } = await ask<{ fakes: { id: string; fault: Fault }[] }>('GET', '/lab/fakes')
    faults.value = new Map(body.fakes.map(({ fault, id }) => [id, fault]))
  } catch {
    // Only what is shown of them is older.
  }
}

/** Breaks a fake of a lab, or mends it; elsewhere nothing. */
export function FakeActions({ id }: { readonly id: string }) {
  const found = steering.value
  const fault = faults.value.get(id)
  if (found?.here !== true || found.fakes !== true || !mayAct.value || fault === undefined)
    return null
  const choice = CHOICES.find((each) => each.fault === fault)
  return (
    <div class="fake">
      {choice === undefined ? (
        <button
          class="break"
          aria-label={`Break ${id}`}
          onClick={() => (asking.value = () => <BreakQuestion id={id} />)}
        >
          <span aria-hidden="true">⚡</span> Break
        </button>
      ) : (
        <>
          <p>
            <span aria-hidden="true">⚡</span>{' '}
            {fault === 'gone' ? 'Killed: the lab starts it again.' : `It ${choice.done}.`}
          </p>
          {fault !== 'gone' && (
            <button aria-label={`Mend ${id}`} onClick={() => void mend(id)}>
              Mend
            </button>
          )}
        </>
      )}
    </div>
  )
}

function BreakQuestion({ id }: { readonly id: string }) {
  const [fault, setFault] = useState<Fault>('fails')
  const choice = CHOICES.find((each) => each.fault === fault)!
  void feed.version.value
  const strategy = feed.history.latest?.strategy ?? ''
  const act = async (): Promise<void> => {
    await change(id, fault)
    const undo = async (): Promise<string> => {
      await change(id, 'well')
      return `${id} is as it was.`
    }
    offer({ text: `${id} ${choice.done}.`, ...(fault !== 'gone' && { undo }) })
  }
  return (
    <Question title={`Break ${id}`} says={choice.says(id, strategy)} verb="Break it" act={act}>
      <fieldset class="strategies">
        <legend class="unseen">How</legend>
        {CHOICES.map((each) => (
          <label key={each.fault}>
            <input
              type="radio"
              name="fault"
              checked={each.fault === fault}
              onChange={() => setFault(each.fault)}
            />
            <span>
              {each.title}
              <span class="summary muted small">{each.summary}</span>
            </span>
          </label>
        ))}
      </fieldset>
    </Question>
  )
}

async function mend(id: string): Promise<void> {
  try {
    await change(id, 'well')
    offer({ text: `${id} is as it was.` })
  } catch (error) {
    offer({ text: `${id} could not be mended. ${(error as Error).message}` })
  }
}

async function change(id: string, fault: Fault): Promise<void> {
  await ask('PUT', `/lab/fakes/${encodeURIComponent(id)}`, { body: { fault } })
  feed.history.changed()
  await lookAtFakes()
}
