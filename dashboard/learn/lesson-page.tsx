import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { labLink } from './lab-link.ts'
import type { Lesson } from './lesson.ts'
import { LessonState } from './lesson-state.ts'
import { Question } from './question.tsx'
import { Stage } from './show.tsx'
import { Truth } from './truth.tsx'
import { verdictOf } from './verdict.ts'

interface LessonPageProps {
  readonly lesson: Lesson
  readonly number: number
  readonly previous: Lesson | undefined
  readonly next: Lesson | undefined
}

/** One lesson: a column of text, and the run beside it. */
export function LessonPage({ lesson, next, number, previous }: LessonPageProps) {
  const state = useMemo(
    () => new LessonState(lesson, matchMedia('(prefers-reduced-motion: reduce)').matches),
    [lesson],
  )
  useEffect(() => () => state.leave(), [state])
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current!.focus({ preventScroll: true }), [])

  const [link, setLink] = useState('./lab.html')
  useEffect(() => void labLink(lesson).then(setLink), [lesson])
  const told = state.phase.value === 'told'
  return (
    <article class="lesson" data-phase={state.phase.value}>
      <div class="lesson-ask">
        <p class="kicker muted small">
          Lesson {number} · {lesson.minutes} minutes
        </p>
        <h2 ref={title} tabIndex={-1}>
          {lesson.question}
        </h2>
        <div class="prose">{lesson.opening}</div>
        <Question state={state} />
      </div>
      <Stage show={lesson.show} player={state.player} asking={state.phase.value === 'ask'} />
      <div class="lesson-told">
        {told && <Told state={state} />}
        {told && (
          <p class="go-on">
            <a class="button primary" href={link}>
              Try it yourself in the Lab
            </a>
            <button type="button" onClick={() => state.again()}>
              Guess again
            </button>
          </p>
        )}
        <nav class="neighbours" aria-label="Lessons">
          {previous === undefined ? <span /> : <Neighbour lesson={previous} way="Previous" />}
          {next === undefined ? (
            <a href="#">All lessons</a>
          ) : (
            <Neighbour lesson={next} way="Next" />
          )}
        </nav>
      </div>
    </article>
  )
}

function Told({ state }: { readonly state: LessonState }) {
  const { fault, found, guess, lesson } = state
  const heading = useRef<HTMLParagraphElement>(null)
  const ready = state.ready
  useEffect(() => {
    if (ready) heading.current?.focus()
  }, [ready])
  if (fault.value !== undefined) {
    return (
      <p class="card" role="alert">
        The run broke: {fault.value}. Loading the page again may help.
      </p>
    )
  }
  if (!ready) return <p role="status">The runs are not done yet…</p>
  return (
    <>
      <p class="verdict" role="status" tabIndex={-1} ref={heading}>
        {verdictOf(lesson, guess.value, found.value!)}
      </p>
      <Truth lesson={lesson} guess={guess.value} found={found.value!} />
      <div class="prose">{lesson.why(found.value!)}</div>
      <p class="remember">
        <span class="small muted">To remember</span>
        {lesson.remember}
      </p>
      <p class="source small muted">{lesson.source}</p>
    </>
  )
}

interface NeighbourProps {
  readonly lesson: Lesson
  readonly way: string
}

function Neighbour({ lesson: { slug, title }, way }: NeighbourProps) {
  return (
    <a href={`#${slug}`} rel={way === 'Next' ? 'next' : 'prev'}>
      <span class="small muted">{way}</span>
      {title}
    </a>
  )
}
