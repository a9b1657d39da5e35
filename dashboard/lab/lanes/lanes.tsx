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
  /** Of one lane, in pixels. */
  readonly height?: number
  /** In place of a lane's name. */
  readonly head?: (place: number) => ComponentChildren
}

/**
 * Strategies side by side over one arrival stream: the lanes of a race below each other. Knows of nothing but the frames, so that a lesson can have
 * one beside its text.
 */
export function Lanes({ frames, head, height, shown, strategies, unit }: LanesProps) {
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
          {...(height !== undefined && { height })}
          {...(head !== undefined && { head: head(place) })}
        />
      ))}
    </div>
  )
}

/** What the dots say. */
export function AgeLegend() {
  return (
    <p class="age-legend small muted">
      <span>
        <i class="age-dot" /> served <i class="age-dot hollow" /> waiting <b class="bad">✕</b>{' '}
        failed
        <span class="age-ramp" /> new to old
      </span>
    </p>
  )
}
