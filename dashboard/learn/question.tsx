import { useEffect, useRef } from 'preact/hooks'
import type { LessonState } from './lesson-state.ts'
import { Bars } from './questions/bars.tsx'
import { Choice } from './questions/choice.tsx'
import { Curve } from './questions/curve.tsx'
import { Deal } from './questions/deal.tsx'
import { Ranking } from './questions/ranking.tsx'

/** The question, and after the answer the way to the truth. */
export function Question({ state }: { readonly state: LessonState }) {
  const { guess, lesson, phase } = state
  const { ask } = lesson
  const asking = phase.value === 'ask'
  const open = ask.kind === 'choice' && guess.value.kind === 'choice' && guess.value.option < 0
  const tell = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (phase.value !== 'watch') return
    tell.current!.focus({ preventScroll: true })
    // In one column the lanes are below: both are to be seen.
    const block = matchMedia('(max-width: 64rem)').matches ? 'start' : 'nearest'
    tell.current!.closest('.watch')!.scrollIntoView({ block })
  }, [phase.value])
  return (
    <section class="ask card" aria-label="Your guess">
      <h3>{ask.prompt}</h3>
      <div class="answer" inert={!asking}>
        <Answer state={state} />
      </div>
      {asking && (
        <p>
          <button type="button" class="primary" disabled={open} onClick={() => state.watch()}>
            That is my guess
          </button>
        </p>
      )}
      {phase.value === 'watch' && (
        <div class="watch">
          <p role="status">
            Now it runs. Look on for a while.
            <span class="unseen">{lesson.show.caption}</span>
          </p>
          <p>
            <button type="button" class="primary" ref={tell} onClick={() => state.tell()}>
              Show me the numbers
            </button>
          </p>
        </div>
      )}
    </section>
  )
}

function Answer({ state }: { readonly state: LessonState }) {
  const { found, guess, lesson } = state
  const { ask, cases, measure } = lesson
  const { value } = guess
  switch (value.kind) {
    case 'rank':
      return ask.kind !== 'rank' ? null : (
        <Ranking
          cases={cases}
          order={value.order}
          ends={ask.ends}
          onOrder={(order) => (guess.value = { kind: 'rank', order })}
        />
      )
    case 'bars':
      return ask.kind !== 'bars' ? null : (
        <Bars
          ask={ask}
          cases={cases}
          unit={measure.unit}
          values={value.values}
          found={found.value}
          onValues={(values) => (guess.value = { kind: 'bars', values })}
        />
      )
    case 'curve':
      return ask.kind !== 'curve' ? null : (
        <Curve
          ask={ask}
          unit={measure.unit}
          values={value.values}
          found={found.value}
          told={false}
          onValues={(values) => (guess.value = { kind: 'curve', values })}
        />
      )
    case 'choice':
      return ask.kind !== 'choice' ? null : (
        <Choice
          ask={ask}
          option={value.option}
          onOption={(option) => (guess.value = { kind: 'choice', option })}
        />
      )
    case 'deal':
  }
  return ask.kind !== 'deal' ? null : (
    <Deal
      ask={ask}
      order={value.order}
      onOrder={(order) => (guess.value = { kind: 'deal', order })}
    />
  )
}
