import '../lab/lanes/lanes.css'
import { useMemo } from 'preact/hooks'
import { lookOf } from '../charts/palette.ts'
import { AgeLegend } from '../lab/lanes/age-legend.tsx'
import { LaneCanvas } from '../lab/lanes/lane-canvas.tsx'
import { LanesTable } from '../lab/lanes/lanes-table.tsx'
import { laneInWords } from '../lab/lanes/words.ts'
import { letterScale } from '../plots/appearance.ts'
import type { LaneFrame } from '../race/frame.ts'
import { percent } from '../shell/words.ts'
import type { Show } from './lesson.ts'
import type { ShowPlayer } from './show-player.ts'

/** What stands below the lanes, and in a lane around its picture; pixels where letters have their usual size. */
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
        <AgeLegend />
      </div>
      <p class="stage-caption">{show.caption}</p>
      {!asking && <LanesTable lanes={player.read.value?.lanes ?? []} />}
      {fault.value !== undefined && <p class="stage-fault">The run broke: {fault.value}</p>}
    </aside>
  )
}

/** Of one lane: all lanes and what is below them are to be seen at once. */
function heightOf(lanes: number): number {
  if (matchMedia('(max-width: 64rem)').matches) return 96
  const room = (innerHeight / letterScale() - BESIDE) / lanes - AROUND
  return Math.round(Math.max(96, Math.min(280, room)))
}

/** In hand now, and what failed so far. */
function sayings({ ended, failed, servers, waiting }: LaneFrame): string {
  let hand = waiting
  for (const { queued, serving } of servers) hand += queued + serving
  const errors = ended > 0 && failed > 0 ? `, ${percent(failed / ended)} failed so far` : ''
  return `${hand} in hand${errors}`
}
