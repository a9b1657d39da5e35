import '../shell/base.css'
import './learn.css'
import './question.css'
import './deal-and-curve.css'
import './truth.css'
import './stage.css'
import { signal } from '@preact/signals'
import { render } from 'preact'
import { useEffect } from 'preact/hooks'
import { Header } from '../shell/header.tsx'
import { Contents } from './contents.tsx'
import { LESSONS } from './lessons/index.ts'
import { LessonPage } from './lesson-page.tsx'
import { done } from './progress.ts'

/** The address says which lesson it is, so that a teacher can hand it out. */
const slug = signal(location.hash.slice(1))

addEventListener('hashchange', () => {
  slug.value = location.hash.slice(1)
  scrollTo({ top: 0 })
})

function Learn() {
  const at = LESSONS.findIndex((each) => each.slug === slug.value)
  const lesson = LESSONS[at]
  const unknown = lesson === undefined && slug.value !== ''
  useEffect(() => {
    document.title = `${lesson === undefined ? 'Learn' : lesson.title} · Evenkeel`
  }, [lesson])
  return (
    <div class="page learn">
      <Header page="learn" tilt={tilt()}>
        {lesson !== undefined && (
          <a class="small muted" href="#">
            All lessons
          </a>
        )}
      </Header>
      <main>
        {unknown && (
          <p class="card" role="status">
            There is no lesson called <code>{slug.value}</code>. Here is what there is.
          </p>
        )}
        {lesson === undefined ? (
          <Contents lessons={LESSONS} done={done.value} />
        ) : (
          <LessonPage
            key={lesson.slug}
            lesson={lesson}
            number={at + 1}
            previous={LESSONS[at - 1]}
            next={LESSONS[at + 1]}
          />
        )}
      </main>
    </div>
  )
}

function tilt(): { tilt: number; words: string } {
  return { tilt: 0, words: `${done.value.size} of ${LESSONS.length} lessons done.` }
}

render(<Learn />, document.getElementById('page')!)
