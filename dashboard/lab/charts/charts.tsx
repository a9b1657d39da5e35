import { Distribution } from './distribution.tsx'
import { OverTime } from './over-time.tsx'

/** What the run has come to so far: all response times, and how they went. */
export function ChartsOfRun() {
  return (
    <div class="charts">
      <Distribution />
      <OverTime />
    </div>
  )
}
