import './lanes.css'
import type { ReadonlySignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import type { RaceFrame } from '../../race/frame.ts'
import { Lane } from './lane.tsx'

interface LanesProps {
  readonly frames: ReadonlySignal<RaceFrame | undefined>
  /** The same a few times a second, for what is read. */
  readonly shown: ReadonlySignal<RaceFrame | undefined>
  /** By their names in the registry, one a lane. */
  readonly strategies: readonly string[]
  /** How long a request takes that does not wait, in milliseconds: by that, dots are new or old. */
  readonly unit: number
  /** The name of a lane, and whatever can be done with it. */
  readonly head: (place: number) => ComponentChildren
}

/** Strategies side by side over one arrival stream: the lanes of a race below each other. Knows of nothing but the frames. */
export function Lanes({ frames, head, shown, strategies, unit }: LanesProps) {
  return (
    <div class="lanes">
      {strategies.map((strategy, place) => (
        <Lane
          key={`${place} ${strategy}`}
          frames={frames}
          shown={shown.value?.lanes[place]}
          place={place}
          strategy={strategy}
          unit={unit}
          head={head(place)}
        />
      ))}
    </div>
  )
}
