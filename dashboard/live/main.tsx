import '../shell/base.css'
import './live.css'
import { render } from 'preact'
import { Header } from '../shell/header.tsx'
import { tiltOf } from '../shell/tilt.ts'
import { sentenceOf } from '../shell/words.ts'
import { Charts } from './charts.tsx'
import { EventLine } from './event-line.tsx'
import { Figures } from './figures.tsx'
import { ServerCards } from './server-cards.tsx'
import { feed } from './state.ts'
import { Tools } from './tools.tsx'

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
  document.title = up === all ? 'Live · Evenkeel' : `✕ ${up} of ${all} up · Evenkeel`
  return (
    <div class="page">
      <Header page="live" tilt={tilt} old={feed.news.value === 'stale'}>
        <Tools />
      </Header>
      <main class="live">
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
      </main>
      <p class="unseen" role="status">
        {spoken !== undefined && `${spoken.server} ${sentenceOf(spoken)}`}
      </p>
    </div>
  )
}

feed.connect()
render(<Live />, document.getElementById('page')!)
