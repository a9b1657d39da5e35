import '../lab/lanes/lanes.css'
import { useMemo } from 'preact/hooks'
import { lookOf } from '../charts/palette.ts'
import { LaneCanvas } from '../lab/lanes/lane-canvas.tsx'
import { laneInWords } from '../lab/lanes/words.ts'
import type { LaneFrame } from '../race/frame.ts'
import { percent } from '../shell/words.ts'
import type { Show } from './lesson.ts'
import type { ShowPlayer } from './show-player.ts'

/** What stands below the lanes, and in a lane around its picture; pixels. */
const BESIDE = 220
const AROUND = 96

interface StageProps {
  readonly show: Show
  readonly player: ShowPlayer
  /** The answer may not be seen yet. */
  readonly asking: boolean
}

/** The lanes beside the text, and what there is to do with them. */
export function Stage({ asking, player, show }: StageProps) {
  const { ended, fault, playing, read } = player
  const height = useMemo(() => heightOf(show.lanes.length), [show])
  return (
    <aside class="stage" aria-label="The run">
      {show.lanes.map(({ label, strategy }, place) => {
        const { colour } = lookOf(typeof strategy === 'string' ? strategy : strategy.name)
        const lane = read.value?.lanes[place]
        return (
          <section class="stage-lane" key={label} aria-label={label}>
            <header>
              <i class="lane-colour" data-series={colour} aria-hidden="true" />
              <h3>{label}</h3>
              <p class="small muted">{lane === undefined || asking ? '' : sayings(lane)}</p>
            </header>
            <LaneCanvas
              frames={player.frames}
              place={place}
              height={height}
              series={colour}
              unit={show.unit}
              label={lane === undefined ? `${label}: nothing runs yet.` : laneInWords(lane)}
            />
          </section>
        )
      })}
      <div class="stage-foot">
        <button
          type="button"
          disabled={asking}
          onClick={() => (playing.value ? player.pause() : player.play())}
        >
          {playing.value ? 'Pause' : ended.value ? 'Again' : 'Play'}
        </button>
        <Legend />
      </div>
      <p class="stage-caption">{show.caption}</p>
      {fault.value !== undefined && <p class="stage-fault">The run broke: {fault.value}</p>}
    </aside>
  )
}

/** Of one lane, in pixels: all lanes and what is below them are to be seen at once. */
function heightOf(lanes: number): number {
  if (matchMedia('(max-width: 64rem)').matches) return 96
  const room = (innerHeight - BESIDE) / lanes - AROUND
  return Math.round(Math.max(96, Math.min(280, room)))
}

/** What the dots say. */
function Legend() {
  return (
    <div class="age-legend small muted">
      <p class="unseen">
        Dots are requests. Full: served; hollow: waiting. Blue is new, red is old. A cross is one
        that failed.
      </p>
      <span aria-hidden="true">
        <i class="age-dot" /> served <i class="age-dot hollow" /> waiting <b class="bad">✕</b>{' '}
        failed
        <span class="age-ramp" /> new to old
      </span>
    </div>
  )
}

/** In hand now, and what failed so far. */
function sayings({ ended, failed, servers, waiting }: LaneFrame): string {
  let hand = waiting
  for (const { queued, serving } of servers) hand += queued + serving
  const errors = ended > 0 && failed > 0 ? `, ${percent(failed / ended)} failed so far` : ''
  return `${hand} in hand${errors}`
}
