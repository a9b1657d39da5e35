import './level.css'
import type { Tilt } from './tilt.ts'

interface LevelProps {
  readonly tilt: Tilt
  /** The numbers behind it are not of now. */
  readonly old?: boolean
  /** Its height, in pixels. */
  readonly size?: number
}

/** How far the bubble goes with its edge at a line, and at most, in units of the drawing. */
const AT_LINE = 4.5
const AT_END = 33

/** The spirit level: how even the keel is, and in words for whoever hovers over it, focuses it, or does not see it. */
export function Level({ tilt, old = false, size = 24 }: LevelProps) {
  const shift = Math.max(-AT_END, Math.min(AT_END, tilt.tilt * AT_LINE))
  return (
    <span
      class="level"
      tabIndex={0}
      role="img"
      aria-label={`Level: ${tilt.words}`}
      data-old={old || undefined}
    >
      <svg viewBox="0 0 96 24" width={size * 4} height={size} aria-hidden="true">
        <rect class="vial" x="0.5" y="0.5" width="95" height="23" rx="11.5" />
        <rect class="shine" x="8" y="3.5" width="80" height="3" rx="1.5" />
        <g transform={`translate(${shift.toFixed(2)} 0)`}>
          <ellipse class="bubble" cx="48" cy="11.5" rx="12" ry="7.5" />
          <ellipse class="glint" cx="44.5" cy="8.8" rx="4.5" ry="1.6" />
        </g>
        <path class="lines" d="M31.5 1v22M64.5 1v22" />
      </svg>
      <span class="tip" aria-hidden="true">
        {tilt.words}
      </span>
    </span>
  )
}
