import type { Lesson } from './lesson.ts'

interface ContentsProps {
  readonly lessons: readonly Lesson[]
  readonly done: ReadonlySet<string>
}

/** What there is to learn, and what has been. */
export function Contents({ done, lessons }: ContentsProps) {
  const count = lessons.filter(({ slug }) => done.has(slug)).length
  const minutes = lessons.reduce((sum, lesson) => sum + lesson.minutes, 0)
  return (
    <div class="contents">
      <h2>Eight things that load balancers do to you</h2>
      <p class="lead">
        Each begins with a question. You answer it first, by guess; then the real thing runs before
        your eyes, and you see how far off you were. Nothing to install, nothing to know beforehand,{' '}
        {minutes} minutes in all.
      </p>
      <ol>
        {lessons.map(({ minutes: long, question, slug, title }, at) => (
          <li key={slug}>
            <a href={`#${slug}`} class="card">
              <span class="number" aria-hidden="true">
                {at + 1}
              </span>
              <span class="question">{question}</span>
              <span class="title muted">{title}</span>
              <span class="state small muted">
                {done.has(slug) ? <b class="done">✓ done</b> : `${long} minutes`}
              </span>
            </a>
          </li>
        ))}
      </ol>
      <p class="muted small">
        {count === 0
          ? 'What you have done is remembered on this device, and nowhere else.'
          : `${count} of ${lessons.length} done. That is remembered on this device, and nowhere else.`}
      </p>
    </div>
  )
}
