import { duration as spanOf } from '../shell/words.ts'
import { SPEEDS, player, setup } from './lab.ts'

/** One bar for all lanes: they are on one clock. */
export function Transport() {
  const { frames, playing, shown, speed } = player
  const frame = shown.value
  const { duration } = setup.value.scenario
  const time = frame?.time ?? 0
  const over = frame?.over === true
  const place = speed.value === Infinity ? SPEEDS.length : SPEEDS.indexOf(speed.value as 1)
  return (
    <div class="transport" role="group" aria-label="Run">
      <button
        type="button"
        class="primary play"
        onClick={() => player.toggle()}
        aria-label={playing.value ? 'Pause' : over ? 'Run again' : 'Play'}
      >
        <Glyph of={playing.value ? 'pause' : over ? 'again' : 'play'} />
      </button>
      <button type="button" onClick={() => player.step()} disabled={over} title="One decision">
        Step
      </button>
      <span class="scrub">
        <input
          aria-label="Time"
          type="range"
          min={0}
          max={duration}
          step={duration / 1000}
          value={Math.min(duration, time)}
          aria-valuetext={`${clock(time)} of ${clock(duration)}`}
          onInput={({ currentTarget }) => player.go(currentTarget.valueAsNumber)}
        />
        <Marks />
      </span>
      <output class="clock">
        {clock(time)}
        <span class="unit">of {clock(duration)}</span>
      </output>
      <span class="speed">
        <input
          aria-label="Speed"
          type="range"
          min={0}
          max={SPEEDS.length}
          step={1}
          value={place}
          aria-valuetext={speedWords(speed.value)}
          onInput={({ currentTarget }) => {
            const index = currentTarget.valueAsNumber
            player.speed.value = index === SPEEDS.length ? Infinity : SPEEDS[index]
            if (player.playing.peek()) player.play()
          }}
        />
        <span class="speed-words">{speedWords(speed.value)}</span>
      </span>
      <span class="unseen" aria-live="polite">
        {over && frames.peek() !== undefined ? 'The run is over.' : ''}
      </span>
    </div>
  )
}

/** What happens on the way, above the time at which it does. */
function Marks() {
  const { duration, events = [] } = setup.value.scenario
  return (
    <span class="marks" aria-hidden="true">
      {events.slice(0, 60).map(({ at }, i) => (
        <i key={i} style={{ left: `${(at / duration) * 100}%` }} />
      ))}
    </span>
  )
}

function speedWords(speed: number): string {
  return speed === Infinity ? 'as fast as possible' : `speed ${speed} ×`
}

/** `12.3 s`, `340 ms`. */
export function clock(milliseconds: number): string {
  if (milliseconds < 1000) return spanOf(milliseconds).join(' ')
  return `${(milliseconds / 1000).toFixed(milliseconds < 100_000 ? 1 : 0)} s`
}

const PATHS = {
  play: 'M5 3l9 6-9 6z',
  pause: 'M5 3h3v12H5zM11 3h3v12h-3z',
  again: 'M9 3a6 6 0 1 0 6 6h-2a4 4 0 1 1-4-4v3l5-4-5-4z',
} as const

function Glyph({ of }: { readonly of: keyof typeof PATHS }) {
  return (
    <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
      <path d={PATHS[of]} fill="currentColor" />
    </svg>
  )
}
