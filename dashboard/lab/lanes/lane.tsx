import type { ReadonlySignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { lookOf } from '../../charts/palette.ts'
import type { LaneFrame, RaceFrame } from '../../race/frame.ts'
import { Level } from '../../shell/level.tsx'
import { duration, percent } from '../../shell/words.ts'
import { LaneCanvas } from './lane-canvas.tsx'
import { bandInWords, laneInWords, tiltOfLane } from './words.ts'

export interface LaneProps {
  /** Every frame: the canvas follows them without anything else being drawn anew. */
  readonly frames: ReadonlySignal<RaceFrame | undefined>
  /** A few a second: what is read. */
  readonly shown: LaneFrame | undefined
  readonly place: number
  /** What chooses, by its name in the registry: it has one colour everywhere. */
  readonly strategy: string
  /** See `LaneCanvas`. */
  readonly unit: number
  /** Its name, and whatever can be done with it. */
  readonly head: ComponentChildren
}

/** As `LaneCanvas` has it. */
const HEIGHT = 132

/** One strategy at work: its vessels, and to the right what it comes to. */
export function Lane({ frames, head, place, shown, strategy, unit }: LaneProps) {
  const { colour } = lookOf(strategy)
  return (
    <section class="lane" aria-label={shown?.label ?? strategy}>
      <header class="lane-head">
        <i class="lane-colour" data-series={colour} aria-hidden="true" />
        {head}
      </header>
      <LaneCanvas
        frames={frames}
        place={place}
        height={HEIGHT}
        series={colour}
        unit={unit}
        label={shown === undefined ? `${strategy}: nothing runs yet.` : laneInWords(shown)}
      />
      <Figures lane={shown} />
    </section>
  )
}

function Figures({ lane }: { readonly lane: LaneFrame | undefined }) {
  const latency = lane?.latency ?? null
  const [p99, unit] = latency === null ? ['–', ''] : duration(latency.p99)
  const errors = lane === undefined || lane.ended === 0 ? null : lane.failed / lane.ended
  const tilt = lane === undefined ? { tilt: 0, words: 'Nothing runs yet.' } : tiltOfLane(lane)
  return (
    <div class="lane-figures">
      <Level tilt={tilt} />
      <dl>
        <div>
          <dt>p99</dt>
          <dd class="lane-p99">
            {p99}
            <span class="unit">{unit}</span>
          </dd>
          <dd class="muted small">{lane === undefined ? 'no answer yet' : bandInWords(lane)}</dd>
        </div>
        <div>
          <dt>errors</dt>
          <dd class={errors !== null && errors > 0 ? 'lane-errors bad' : 'lane-errors'}>
            {errors === null ? '–' : percent(errors)}
          </dd>
        </div>
      </dl>
    </div>
  )
}
