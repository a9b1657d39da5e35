import { useState } from 'preact/hooks'
import type { Change } from '../../race/race.ts'
import { changeScenario, player, setup } from '../lab.ts'
import { singlesOf, withServers } from '../sentence/servers.ts'
import { clock } from '../transport.tsx'
import { failureOf, type ServerNow, stateAt } from './state-at.ts'

/** More than that nobody wants to have a slider for. */
const MOST_SHOWN = 12

/** What can be done to a run while it runs. Before it begins the same sliders change the scenario itself. */
export function Meddle() {
  const { scenario } = setup.value
  const time = player.shown.value?.time ?? 0
  const running = time > 0
  const { servers, traffic } = stateAt(scenario, time)
  const present = servers.filter(({ gone }) => !gone)
  const closed = scenario.arrivals.type === 'closed'
  return (
    <>
      <p class="small muted">
        {running
          ? `What you move happens at ${clock(time)}, in all lanes; the link repeats it.`
          : 'Before the run begins these change the scenario itself.'}
      </p>
      {!closed && (
        <Slider
          label="Traffic"
          value={traffic}
          min={0}
          max={4}
          step={0.1}
          words={(value) => `× ${value}`}
          onValue={(value) => player.amend({ traffic: value })}
        />
      )}
      <ul class="servers">
        {present.slice(0, MOST_SHOWN).map((server) => (
          <Server key={server.id} server={server} running={running} />
        ))}
      </ul>
      {present.length > MOST_SHOWN && (
        <p class="small muted">And {present.length - MOST_SHOWN} more.</p>
      )}
      <button type="button" onClick={() => act({ add: {} })}>
        + a server
      </button>
    </>
  )
}

function act(change: Change): void {
  player.amend(change)
}

interface ServerProps {
  readonly server: ServerNow
  readonly running: boolean
}

function Server({ running, server }: ServerProps) {
  const [open, setOpen] = useState(false)
  const { admin, failing, id, outage, speed, weight, workers } = server
  const { scenario } = setup.value
  const change = (spec: object): void => {
    const singles = singlesOf(scenario)
    changeScenario(
      withServers(
        scenario,
        singles.map((each) => (each.id === id ? { ...each.spec, ...spec } : each.spec)),
      ),
    )
  }
  const set = (spec: { speed?: number; failure?: { rate: number } }): void => {
    if (running) act({ server: id, set: spec })
    else change(spec)
  }
  return (
    <li>
      <button type="button" class="server-name" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span class="id">{id}</span>
        <span class="small muted">{inWords(server)}</span>
      </button>
      {open && (
        <div class="server-controls">
          <Slider
            label={`Speed of ${id}`}
            value={Math.log2(speed)}
            min={-6}
            max={3}
            step={0.5}
            words={() => `speed × ${Number(speed.toPrecision(2))}`}
            onValue={(value) => set({ speed: Number((2 ** value).toPrecision(3)) })}
          />
          <Slider
            label={`Share of requests that fail at ${id}`}
            value={failing * 100}
            min={0}
            max={100}
            step={5}
            words={(value) => `fails ${value} %`}
            onValue={(value) => set({ failure: failureOf(scenario, id, value / 100) })}
          />
          <Slider
            label={`Weight of ${id}`}
            value={weight}
            min={0}
            max={10}
            step={0.5}
            words={(value) => `weight ${value}`}
            onValue={(value) => {
              if (running) act({ server: id, operator: { weight: value } })
              else change({ weight: value })
            }}
          />
          {!running && (
            <Slider
              label={`Workers of ${id}`}
              value={workers}
              min={1}
              max={16}
              step={1}
              words={(value) => `${value} ${value === 1 ? 'worker' : 'workers'}`}
              onValue={(value) => change({ workers: value })}
            />
          )}
          <div class="server-buttons">
            <button type="button" onClick={() => act({ server: id, pause: 3000 })}>
              Stop 3 s
            </button>
            <button
              type="button"
              onClick={() => act({ server: id, outage: outage === false ? 'refuse' : false })}
            >
              {outage === false ? 'Cut off' : 'Reconnect'}
            </button>
            <button type="button" onClick={() => act({ server: id, restart: 2000 })}>
              Restart
            </button>
            <button
              type="button"
              onClick={() =>
                act({ server: id, operator: { admin: admin === 'ready' ? 'drain' : 'ready' } })
              }
            >
              {admin === 'ready' ? 'Drain' : 'Ready'}
            </button>
            <button type="button" onClick={() => act({ remove: id })}>
              Remove
            </button>
          </div>
        </div>
      )}
    </li>
  )
}

function inWords({ admin, failing, outage, speed, weight }: ServerNow): string {
  const words = [
    ...(speed === 1 ? [] : [`speed × ${Number(speed.toPrecision(2))}`]),
    ...(failing === 0 ? [] : [`fails ${Number((failing * 100).toPrecision(3))} %`]),
    ...(weight === 1 ? [] : [`weight ${weight}`]),
    ...(outage === false ? [] : ['cut off']),
    ...(admin === 'ready' ? [] : ['drains']),
  ]
  return words.length === 0 ? 'as it should be' : words.join(', ')
}

interface SliderProps {
  readonly label: string
  readonly value: number
  readonly min: number
  readonly max: number
  readonly step: number
  readonly words: (value: number) => string
  /** When it is let go: each change is an event. */
  readonly onValue: (value: number) => void
}

function Slider({ label, max, min, onValue, step, value, words }: SliderProps) {
  return (
    <label class="slider">
      <span class="unseen">{label}</span>
      <input
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        aria-valuetext={words(value)}
        onChange={({ currentTarget }) => onValue(currentTarget.valueAsNumber)}
      />
      <span class="small" aria-hidden="true">
        {label === 'Traffic' ? `traffic ${words(value)}` : words(value)}
      </span>
    </label>
  )
}
