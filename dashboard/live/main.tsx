import '../shell/base.css'
import './live.css'
import './charts.css'
import './servers.css'
import './below.css'
import './act/act.css'
import { effect, untracked } from '@preact/signals'
import { render } from 'preact'
import { Header } from '../shell/header.tsx'
import { tiltOf } from '../shell/tilt.ts'
import { Charts } from './charts.tsx'
import { EventLine } from './event-line.tsx'
import { Figures } from './figures.tsx'
import { ServerCards } from './server-cards.tsx'
import { Dialogs } from './act/dialog.tsx'
import { look, mayAct, open } from './act/desk.ts'
import { lookAtFakes } from './act/fakes.tsx'
import { Elsewhere, TokenForm } from './act/token-form.tsx'
import { UndoBar } from './act/undo.tsx'
import { Compare } from './compare/compare.tsx'
import { happeningOf, told } from './happenings.ts'
import { RequestLog } from './requests/request-log.tsx'
import { feed } from './state.ts'
import { Tools } from './tools.tsx'

/** More cards than that stand below the charts, side by side. */
const MANY = 8
/** How often what operators want is looked at, in milliseconds: others may change it, too. */
const LOOK = 5000

function Live() {
  void feed.version.value
  const now = feed.history.recent
  const picks = now?.servers.reduce((sum, server) => sum + server.picks, 0) ?? 0
  const tilt =
    now === undefined
      ? { tilt: 0, words: 'No numbers yet.' }
      : tiltOf(now.servers, picks, now.promise)
  const spoken = feed.spoken.value
  const up = now?.servers.filter(({ state }) => state === 'up' || state === 'full').length ?? 0
  const all = now?.servers.length ?? 0
  const old = feed.news.value === 'stale'
  document.title = up === all ? 'Live · Evenkeel' : `✕ ${up} of ${all} up · Evenkeel`
  return (
    <div class="page">
      <Header page="live" tilt={tilt} old={old}>
        <Tools />
      </Header>
      <main class="live" data-many={all > MANY || undefined}>
        <TokenForm />
        <Figures />
        {now?.panic === true && (
          <p class="card panic">
            ▲ Panic: so few servers are well that health is ignored, and all of them get requests.
          </p>
        )}
        <div class="charts">
          <Charts />
          <EventLine />
        </div>
        <ServerCards />
        <div class="below">
          <Elsewhere />
          <Compare />
          <RequestLog />
        </div>
      </main>
      <p class="unseen" role="status">
        {spoken !== undefined && told(happeningOf(spoken))}
      </p>
      <UndoBar />
      <Dialogs />
    </div>
  )
}

void open()
render(<Live />, document.getElementById('page')!)

function lookAround(): void {
  void look()
  void lookAtFakes()
}

setInterval(lookAround, LOOK)
effect(() => {
  void mayAct.value
  void feed.spoken.value
  untracked(lookAround)
})
