import { choose, setup } from '../lab.ts'
import { findPreset, PRESETS } from '../presets/presets.ts'

/** What the page is asked to begin with. */
export function PresetPicker() {
  const { scenario } = setup.value
  const present = findPreset(scenario.name)
  return (
    <div class="preset">
      <label class="small muted" for="preset">
        Scenario
      </label>
      <select
        id="preset"
        value={present === undefined ? '' : scenario.name}
        onChange={({ currentTarget }) => {
          const chosen = findPreset(currentTarget.value)
          if (chosen !== undefined) choose(chosen)
        }}
      >
        {present === undefined && <option value="">{scenario.name}</option>}
        {PRESETS.map(({ presets, title }) => (
          <optgroup key={title} label={title}>
            {presets.map((preset) => (
              <option key={preset.scenario.name} value={preset.scenario.name}>
                {preset.title}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      <p class="watch">{present?.watch ?? 'A scenario of your own.'}</p>
    </div>
  )
}
