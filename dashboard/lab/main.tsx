import '../shell/base.css'
import './lab.css'
import './stage.css'
import './below.css'
import { render } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { plural } from '../../simulator/format.ts'
import { Header } from '../shell/header.tsx'
import { PresetPicker } from './controls/preset-picker.tsx'
import { SentenceView } from './controls/sentence-view.tsx'
import { AddStrategy, StrategyControl } from './controls/strategy-control.tsx'
import { Decisions, FirstDifference } from './decisions.tsx'
import { Share } from './export/share.tsx'
import {
  begin,
  brokenLink,
  missingLog,
  player,
  problem,
  restart,
  setup,
  strategyNames,
  unit,
} from './lab.ts'
import { AgeLegend } from './lanes/age-legend.tsx'
import { Lanes } from './lanes/lanes.tsx'
import { LanesTable } from './lanes/lanes-table.tsx'
import { tiltOfLane } from './lanes/words.ts'
import { LogDrop } from './log/log-drop.tsx'
import { Events } from './meddle/events.tsx'
import { Meddle } from './meddle/meddle.tsx'
import { Transport } from './transport.tsx'
import { Verdicts } from './verdicts/verdicts.tsx'

const wide = matchMedia('(min-width: 64rem)').matches

function Lab() {
  const first = player.shown.value?.lanes[0]
  const tilt = first === undefined ? { tilt: 0, words: 'Nothing runs yet.' } : tiltOfLane(first)
  return (
    <div class="page">
      <Header page="lab" tilt={tilt}>
        <Share />
      </Header>
      <main class="lab">
        <Notices />
        <aside class="controls" aria-label="What is simulated">
          <PresetPicker />
          <details class="card" open={wide}>
            <summary>
              <h2>The scenario</h2>
            </summary>
            <SentenceView />
          </details>
          <details class="card" open={wide}>
            <summary>
              <h2>While it runs</h2>
            </summary>
            <Meddle />
          </details>
          <details class="card" open={wide}>
            <summary>
              <h2>What happens on the way</h2>
            </summary>
            <Events />
          </details>
          <details class="card" open={wide}>
            <summary>
              <h2>Your own log</h2>
            </summary>
            <LogDrop />
          </details>
        </aside>
        <section class="stage" aria-label="The race">
          <Transport />
          <Lanes
            frames={player.frames}
            shown={player.shown}
            strategies={strategyNames.value}
            unit={unit.value}
            head={(place) => <StrategyControl place={place} />}
          />
          <div class="below-lanes">
            <AddStrategy />
            <AgeLegend />
          </div>
          <LanesTable lanes={player.shown.value?.lanes ?? []} />
          <FirstDifference />
          <Decisions />
          <Charts />
          <Verdicts />
        </section>
      </main>
    </div>
  )
}

type ChartsOfRun = typeof import('./charts/charts.tsx').ChartsOfRun

/** They come after the lanes: what draws them is as large as all the rest. */
function Charts() {
  const [Loaded, setLoaded] = useState<{ ChartsOfRun: ChartsOfRun }>()
  useEffect(() => void import('./charts/charts.tsx').then(setLoaded), [])
  if (Loaded === undefined) return <div class="charts-later" />
  return <Loaded.ChartsOfRun />
}

/** What is wrong, in words, with what still works. */
function Notices() {
  const messages: [text: string, action?: () => void][] = []
  if (brokenLink.value !== undefined) {
    messages.push([
      `This link cannot be read: ${brokenLink.value}. Shown is what the page begins with.`,
      () => {
        brokenLink.value = undefined
        restart(setup.value)
      },
    ])
  }
  if (missingLog.value !== undefined) {
    const { name, requests } = missingLog.value
    messages.push([
      `This link was made of the log ${name} (${plural(requests, 'request')}), which it cannot carry. Drop that file on this page to see the same numbers. Shown meanwhile: as many requests, by chance.`,
      () => (missingLog.value = undefined),
    ])
  }
  if (problem.value !== undefined)
    messages.push([`That cannot be: ${problem.value}. It stays as it was.`])
  const fault = player.fault.value
  if (fault !== undefined)
    messages.push([`The race broke off: ${fault}. Another scenario will run.`])
  return (
    <div class="notices" role="status">
      {messages.map(([text, action]) => (
        <p key={text} class="notice">
          <span>
            <span class="fault-mark" aria-hidden="true">
              ▲
            </span>{' '}
            {text}
          </span>
          {action !== undefined && (
            <button type="button" onClick={action}>
              All right
            </button>
          )}
        </p>
      ))}
    </div>
  )
}

render(<Lab />, document.getElementById('page')!)
await begin()
