/** What the dots of lanes say; a screen reader has it in words. */
export function AgeLegend() {
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
