import { ago } from '../shell/words.ts'
import { StrategyButton } from './act/strategy-button.tsx'
import { feed, pausedAt, span, SPANS } from './state.ts'

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' })

/** How far back, whether it goes on, and how old the news are. */
export function Tools() {
  void feed.version.value
  const news = feed.news.value
  const paused = pausedAt.value !== undefined
  const latest = feed.history.latest
  return (
    <>
      {latest !== undefined && <StrategyButton latest={latest} />}
      <label class="span">
        <span class="unseen">How far back</span>
        <select
          value={String(span.value)}
          onChange={(event) => (span.value = Number(event.currentTarget.value))}
        >
          {SPANS.map((each) => (
            <option key={each} value={String(each)}>
              {ago(each)}
            </option>
          ))}
        </select>
      </label>
      <button
        class="pause"
        aria-pressed={paused}
        disabled={latest === undefined}
        onClick={() => (pausedAt.value = paused ? undefined : latest?.time)}
      >
        {paused ? '▶ Go on' : '❚❚ Pause'}
      </button>
      <p class="news" data-news={news} role="status">
        <span class="dot" aria-hidden="true" />
        {news === 'live' && 'Live'}
        {news === 'barred' && 'Needs the token'}
        {news === 'waiting' && 'No answer yet, trying again'}
        {news === 'stale' && `No news since ${clock.format(feed.heardAt)}, trying again`}
      </p>
    </>
  )
}
